"""Whole databases as bytes."""

import sqlite3 as stdlib

import pytest

import onecross.sql
from onecross.sql import sqlite3 as ours


def fill(connection):
    connection.executescript("create table t (x); insert into t values (1), (2), (3)")
    connection.commit()


def test_a_database_goes_through_bytes_and_may_grow(connection):
    fill(connection)
    image = connection.serialize()
    assert isinstance(image, bytes)
    connection.executescript("drop table t")
    connection.commit()
    connection.deserialize(image)
    assert connection.execute("select sum(x) from t").fetchone() == (6,)
    connection.execute("insert into t values (zeroblob(1000000))")
    assert connection.execute("select max(length(x)) from t").fetchone() == (1000000,)


def test_the_standard_library_reads_our_images_and_we_its(connect):
    there, back = connect(module=stdlib), connect()
    fill(back)
    there.deserialize(back.serialize())
    assert there.execute("select sum(x) from t").fetchone() == (6,)
    back.deserialize(there.serialize())
    assert back.execute("select sum(x) from t").fetchone() == (6,)


def test_the_image_of_a_file_is_the_file(connect, tmp_path):
    connection = connect(tmp_path / "image.db")
    fill(connection)
    assert connection.serialize() == (tmp_path / "image.db").read_bytes()


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview])
def test_an_image_is_any_bytes_in_one_piece(connect, drop_in, make):
    fill(drop_in)
    image = make(drop_in.serialize())
    other = connect()
    other.deserialize(image)
    assert other.execute("select count(*) from t").fetchone() == (3,)


@pytest.mark.parametrize(
    ("data", "error"),
    [(None, TypeError), (1, TypeError), ([], TypeError), (memoryview(b"abcd")[::2], BufferError)],
    ids=str,
)
def test_what_is_no_image_is_refused(connection, data, error):
    with pytest.raises(error):
        connection.deserialize(data)


def test_nothing_is_an_empty_database(connection):
    fill(connection)
    connection.deserialize(b"")
    assert connection.execute("select count(*) from sqlite_schema").fetchone() == (0,)


def test_a_database_is_named(connection):
    connection.execute("attach ':memory:' as other")
    connection.executescript("create table other.t (x)")
    connection.commit()
    image = connection.serialize(name="other")
    connection.executescript("drop table other.t")
    connection.commit()
    connection.deserialize(image, name="other")
    assert connection.execute("select count(*) from other.t").fetchone() == (0,)


@pytest.mark.parametrize("name", ["other", ""])
def test_a_database_that_there_is_not_is_named_in_the_error(connection, name):
    for work in (connection.serialize, lambda **name: connection.deserialize(b"", **name)):
        with pytest.raises(onecross.sql.OperationalError, match=f"unknown database {name}$"):
            work(name=name)


def test_a_database_in_use_is_not_replaced(connection):
    fill(connection)
    connection.commit()
    rows = connection.execute("select x from t")
    rows.fetchone()
    with pytest.raises(onecross.sql.OperationalError):
        connection.deserialize(connection.serialize())
    assert rows.fetchall() == [(2,), (3,)]


def test_only_the_strict_face_reads_the_image_of_a_database_in_wal_mode(
    connect, tmp_path, strict, drop_in
):
    source = connect(tmp_path / "wal.db", isolation_level=None)
    source.execute("pragma journal_mode = wal")
    fill(source)
    image = source.serialize()

    strict.deserialize(image)
    assert strict.execute("select sum(x) from t").fetchone() == (6,)

    drop_in.deserialize(image)
    with pytest.raises(ours.OperationalError, match="unable to open database file"):
        drop_in.execute("select sum(x) from t")
