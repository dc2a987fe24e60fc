"""Limits and switches of connections."""

import pytest

import onecross.sql
from onecross.sql import constants


def test_a_limit_is_set_and_holds(connection, connect):
    category = constants.SQLITE_LIMIT_COLUMN
    connection.execute("select count(*) from sqlite_schema")
    before = connection.getlimit(category)
    assert connection.setlimit(category, 2) == before
    assert connection.getlimit(category) == 2
    with pytest.raises(onecross.sql.OperationalError, match="too many columns"):
        connection.execute("create table t (a, b, c)")
    assert connection.setlimit(category, -1) == 2
    assert connection.getlimit(category) == 2
    assert connect().getlimit(category) == before


@pytest.mark.parametrize("category", [-1, 1111])
def test_a_category_that_there_is_not_is_refused(connection, category):
    for work in (connection.getlimit, lambda category: connection.setlimit(category, 1)):
        with pytest.raises(onecross.sql.ProgrammingError, match="'category' is out of bounds"):
            work(category)


@pytest.mark.parametrize(
    ("number", "error"), [(2**31, OverflowError), (1.0, TypeError), ("1", TypeError)]
)
def test_a_limit_is_an_integer(connection, number, error):
    with pytest.raises(error):
        connection.setlimit(constants.SQLITE_LIMIT_COLUMN, number)
    with pytest.raises(error):
        connection.getlimit(number)
    with pytest.raises(error):
        connection.getconfig(number)


def test_a_switch_is_turned_and_works(connection):
    connection.executescript("create view v as select 1")
    views = constants.SQLITE_DBCONFIG_ENABLE_VIEW
    assert connection.getconfig(views) is True
    assert connection.setconfig(views, False) is None
    assert connection.getconfig(views) is False
    with pytest.raises(onecross.sql.OperationalError, match="prohibited"):
        connection.execute("select * from v")
    connection.setconfig(views)
    assert connection.execute("select * from v").fetchone() == (1,)


@pytest.mark.parametrize("option", [-1, 1000, 1001, 1023, 5000])
def test_what_is_no_switch_is_refused(connection, option):
    with pytest.raises(ValueError, match=f"unknown config 'op': {option}"):
        connection.getconfig(option)
    with pytest.raises(ValueError, match=f"unknown config 'op': {option}"):
        connection.setconfig(option)


def test_a_closed_connection_has_neither(connection):
    connection.close()
    for work in (
        lambda: connection.getlimit(0),
        lambda: connection.setlimit(0, 1),
        lambda: connection.getconfig(constants.SQLITE_DBCONFIG_ENABLE_VIEW),
        lambda: connection.setconfig(constants.SQLITE_DBCONFIG_ENABLE_VIEW),
    ):
        with pytest.raises(onecross.sql.ProgrammingError, match="closed database"):
            work()
