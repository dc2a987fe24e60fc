"""Statements that write and are given up before all their rows were fetched, without a transaction.

What they wrote is committed as they end. If that fails, the standard library tells nobody.
"""

import sqlite3 as stdlib
import sys

import pytest

from onecross.sql import sqlite3 as ours

SETUP = """
pragma foreign_keys = on;
create table line (number integer primary key);
create table seat (line references line deferrable initially deferred);
"""
ORPHANS = "insert into seat values (1), (2) returning line"


def close(cursor):
    cursor.close()


def run_another(cursor):
    cursor.execute("select 1")
    assert cursor.fetchall() == [(1,)]


def let_go(cursor):
    del cursor


def begin_anew(cursor):
    cursor.__init__(cursor.connection)


def close_the_connection(cursor):
    cursor.connection.close()


@pytest.fixture
def shown(monkeypatch):
    """What is told where nobody can raise it."""
    shown = []
    monkeypatch.setattr(
        sys, "unraisablehook", lambda told: shown.append((told.exc_type, str(told.exc_value)))
    )
    return shown


def give_up(sqlite3, path, how):
    """Give up the statement, and answer what is stored then."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(SETUP)
    cursors = [connection.execute(ORPHANS)]
    how(cursors.pop())
    connection.close()
    connection = sqlite3.connect(path)
    stored = connection.execute("select count(*) from seat").fetchall()
    connection.close()
    return stored


@pytest.mark.parametrize(
    "how",
    [close, run_another, let_go, begin_anew, close_the_connection],
    ids=lambda how: how.__name__,
)
def test_a_commit_that_fails_as_a_statement_is_given_up_is_shown(how, tmp_path, shown):
    assert give_up(ours, tmp_path / "database", how) == [(0,)]
    assert shown == [(ours.IntegrityError, "FOREIGN KEY constraint failed")]


def test_it_is_not_raised_as_it_is_not_by_the_standard_library(tmp_path, shown):
    assert give_up(stdlib, tmp_path / "database", close) == [(0,)]
    assert shown == []


def test_what_was_raised_is_not_shown_as_well(shown):
    connection = ours.connect(":memory:", isolation_level=None)
    connection.executescript(SETUP)
    cursor = connection.execute(ORPHANS)
    with pytest.raises(ours.IntegrityError, match="FOREIGN KEY"):
        cursor.fetchall()
    cursor.close()
    connection.close()
    assert shown == []


def test_a_statement_that_ends_well_is_given_up_without_a_word(tmp_path, shown):
    path = tmp_path / "database"
    connection = ours.connect(path, isolation_level=None)
    connection.executescript(SETUP + "insert into line values (1), (2)")
    connection.execute(ORPHANS).close()
    connection.close()
    connection = ours.connect(path)
    assert connection.execute("select count(*) from seat").fetchall() == [(2,)]
    connection.close()
    assert shown == []
