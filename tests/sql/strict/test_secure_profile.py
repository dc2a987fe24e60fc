"""`connect(profile="secure")`: for databases and statements that are somebody else's."""

from contextlib import closing

import pytest

import onecross.sql as sql


@pytest.fixture
def connection(path):
    with closing(sql.connect(path)) as connection, connection:
        connection.execute("create table t (a)")
    with closing(sql.connect(path, profile="secure")) as connection:
        yield connection


def test_it_has_the_defaults_of_every_connection(connection):
    for pragma, value in [("foreign_keys", 1), ("journal_mode", "wal"), ("synchronous", 2)]:
        assert connection.execute(f"pragma {pragma}").fetchone() == (value,)
    with connection:
        connection.execute("insert into t values (?)", ["x"])
    assert connection.execute("select a from t where a = 'x'").fetchall() == [("x",)]


def test_nothing_is_attached(connection, tmp_path):
    with pytest.raises(sql.OperationalError, match="too many attached"):
        connection.execute("attach ? as other", [str(tmp_path / "other.db")])
    assert not (tmp_path / "other.db").exists()


def test_strings_stand_in_single_quotes(connection):
    with pytest.raises(sql.OperationalError, match="no such column"):
        connection.execute('select "text"')


def test_the_schema_is_out_of_reach(connection):
    connection.execute("pragma writable_schema = on")
    with pytest.raises(sql.OperationalError, match="may not be modified"):
        connection.execute("delete from sqlite_schema")
    assert connection.execute("pragma trusted_schema").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "select " + "(" * 11 + "a" + " + 1)" * 11 + " from t",
        "select 1" + " union all select 1" * 3,
        "select " + ", ".join("?" * 11),
        "select 'a' like '" + "%" * 51 + "'",
        "select zeroblob(1000001)",
        "select max(1, 2, 3, 4, 5, 6, 7, 8, 9)",
        "select " + ", ".join("a" * 101) + " from t",
        f"select '{'a' * 100_000}'",
    ],
    ids=lambda statement: statement[:30],
)
def test_limits_are_low(connection, statement):
    with pytest.raises(sql.DatabaseError, match=r"too|exceeds|LIKE|large"):
        connection.execute(statement).fetchall()


def test_there_is_a_deadline(path):
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    with (
        closing(sql.connect(path, profile="secure", deadline=0.05)) as connection,
        pytest.raises(sql.DeadlineError),
    ):
        connection.execute(endless)


def test_a_damaged_database_is_not_opened(connection, path):
    connection.execute("create table u (a unique)")
    connection.executemany("insert into u values (?)", [(n,) for n in range(1000)])
    connection.commit()
    connection.execute("pragma wal_checkpoint(truncate)")
    data = bytearray(path.read_bytes())
    data[-4096:-3000] = bytes(1096)
    damaged = path.with_name("damaged.db")
    damaged.write_bytes(data)
    sql.connect(damaged).close()
    with pytest.raises(sql.DatabaseError):
        sql.connect(damaged, profile="secure")
    assert damaged.read_bytes() == data
