"""The engine against graphql-core on random requests, for as long as there is time.

A failure names its seed; `ONECROSS_SOAK_SEED` begins there.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import SystemRandom

import pytest

# Behind all others: some files there are named like files here.
sys.path.append(str(Path(__file__).parents[1] / "graphql"))

from differential import check_seed


@pytest.mark.timeout(0)
def test_random_requests_until_the_time_is_over(rounds: Callable[[], Iterator[int]]) -> None:
    first = int(os.environ.get("ONECROSS_SOAK_SEED") or SystemRandom().randrange(2**40))
    for number in rounds():
        check_seed(first + number)
