"""How `onecross.sql.connect` opens a database, and what it sets."""

import sqlite3
from contextlib import closing

import pytest

import onecross.sql as sql


def value(connection, pragma):
    return connection.execute(f"pragma {pragma}").fetchone()[0]


def test_a_database_that_is_created_is_in_wal_mode(path):
    with closing(sql.connect(path)) as connection:
        assert value(connection, "journal_mode") == "wal"


def test_an_empty_file_is_no_database_yet(path):
    path.touch()
    with closing(sql.connect(path)) as connection:
        assert value(connection, "journal_mode") == "wal"


def test_a_database_that_is_found_stays_as_it_is(path):
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("create table t (a)")
    with closing(sql.connect(path)) as connection:
        assert value(connection, "journal_mode") == "delete"
        with connection:
            connection.execute("insert into t values (1)")
    with closing(sql.connect(path)) as connection:
        assert value(connection, "journal_mode") == "delete"


def test_a_uri_names_a_file_that_is_created_in_wal_mode(path):
    with closing(sql.connect(f"{path.as_uri()}?cache=private", uri=True)) as connection:
        assert value(connection, "journal_mode") == "wal"
    assert path.exists()


@pytest.mark.parametrize("database", [":memory:", ""])
def test_a_database_without_a_file_has_no_journal_to_share(database):
    with closing(sql.connect(database)) as connection:
        assert value(connection, "journal_mode") in ("memory", "delete")


def test_the_defaults(connection):
    assert value(connection, "foreign_keys") == 1
    assert value(connection, "synchronous") == 2
    assert value(connection, "busy_timeout") == 5000
    assert connection.autocommit is False
    assert connection.isolation_level == "IMMEDIATE"
    assert not connection.in_transaction


def test_the_timeout_is_in_seconds(path):
    with closing(sql.connect(path, timeout=0.25)) as connection:
        assert value(connection, "busy_timeout") == 250


def test_nothing_is_written_to_what_is_only_read(path):
    with pytest.raises(sql.OperationalError, match="unable to open"):
        sql.connect(path, read_only=True)
    assert not path.exists()
    with closing(sql.connect(path)) as connection, connection:
        connection.execute("create table t (a)")
    with closing(sql.connect(path, read_only=True)) as connection:
        assert connection.execute("select count(*) from t").fetchone() == (0,)
        with pytest.raises(sql.OperationalError, match="readonly") as caught:
            connection.execute("insert into t values (1)")
        assert caught.value.sqlite_errorname == "SQLITE_READONLY"


def test_an_unknown_profile_is_told_which_there_are():
    with pytest.raises(ValueError, match="no profile 'safe': there are None and 'secure'"):
        sql.connect(":memory:", profile="safe")


def test_what_fails_to_open_leaves_nothing_open(path):
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(sql.DatabaseError, match="not a database"):
        sql.connect(path).execute("select * from sqlite_schema")


def test_no_transaction_begins_before_something_is_written(connection):
    connection.execute("select 1").fetchall()
    connection.execute("pragma user_version")
    assert not connection.in_transaction
    connection.execute("create table t (a)")
    assert connection.in_transaction
    connection.rollback()
    with pytest.raises(sql.OperationalError, match="no such table"):
        connection.execute("select * from t")


def test_a_transaction_that_writes_waits_for_its_turn_at_its_beginning(path):
    with closing(sql.connect(path)) as one, closing(sql.connect(path, timeout=0)) as other:
        one.execute("create table t (a)")
        one.commit()
        one.execute("insert into t values (1)")
        assert other.execute("select count(*) from t").fetchone() == (0,)
        with pytest.raises(sql.OperationalError, match="locked") as caught:
            other.execute("insert into t values (2)")
        assert caught.value.sqlite_errorname == "SQLITE_BUSY"
        assert not other.in_transaction
        one.commit()
        other.execute("insert into t values (2)")
        assert other.execute("select count(*) from t").fetchone() == (2,)


def test_autocommit_begins_no_transaction(path):
    with closing(sql.connect(path, autocommit=True)) as connection:
        connection.execute("create table t (a)")
        assert connection.autocommit is True
        assert not connection.in_transaction
        connection.autocommit = False
        connection.execute("insert into t values (1)")
        assert connection.in_transaction
        connection.autocommit = True
        assert not connection.in_transaction
    with closing(sql.connect(path)) as connection:
        assert connection.execute("select * from t").fetchall() == [(1,)]


def test_foreign_keys_are_enforced(connection):
    connection.execute("create table parents (id integer primary key)")
    connection.execute("create table children (parent references parents)")
    with pytest.raises(sql.IntegrityError, match="FOREIGN KEY") as caught:
        connection.execute("insert into children values (1)")
    assert caught.value.sqlite_errorname == "SQLITE_CONSTRAINT_FOREIGNKEY"
    assert caught.value.sql == "insert into children values (1)"
    assert caught.value.offset is None
