"""Any thread may use a connection: 100,000 queries of eight threads on one are answered right.

`python tests/soak/shared_connection.py sqlite3` shows how the standard library's answers.
"""

import importlib
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from shared_connection import QUERIES, RIGHT, connect, count_answers


@pytest.fixture(params=[0.005, 1e-5], ids=["usual switching", "hasty switching"])
def _switching(request):
    interval = sys.getswitchinterval()
    sys.setswitchinterval(request.param)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("_switching")
@pytest.mark.parametrize("driver", ["onecross.sql", "onecross.sql.sqlite3"])
def test_threads_that_share_a_connection_get_their_own_answers(driver):
    connection = connect(importlib.import_module(driver))
    assert count_answers(connection) == {RIGHT: QUERIES}
    connection.close()
