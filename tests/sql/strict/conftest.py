"""A connection of the strict face, and a path for a database."""

from contextlib import suppress

import pytest

import onecross.sql


@pytest.fixture
def connection():
    connection = onecross.sql.connect(":memory:")
    yield connection
    with suppress(onecross.sql.ProgrammingError):
        connection.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "test.db"
