"""Connections of both faces, for what they have in common and for what they have not."""

from contextlib import ExitStack, closing, suppress

import pytest

import onecross.sql
import onecross.sql.sqlite3


def opened(connect, **options):
    connection = connect(":memory:", **options)
    yield connection
    with suppress(onecross.sql.ProgrammingError):
        connection.close()


@pytest.fixture(params=[onecross.sql.connect, onecross.sql.sqlite3.connect], ids=["sql", "sqlite3"])
def connection(request):
    yield from opened(request.param)


@pytest.fixture
def strict():
    yield from opened(onecross.sql.connect)


@pytest.fixture
def drop_in():
    yield from opened(onecross.sql.sqlite3.connect)


@pytest.fixture
def connect():
    """Opens connections of the drop-in, or of another module, and closes them in the end.

    From Python 3.13 on there is a warning of each that nobody closes.
    """
    with ExitStack() as stack:

        def connect(database=":memory:", module=onecross.sql.sqlite3, **options):
            return stack.enter_context(closing(module.connect(database, **options)))

        yield connect
