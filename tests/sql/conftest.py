"""Connections of both faces, for what they have in common and for what they have not."""

from contextlib import suppress

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
