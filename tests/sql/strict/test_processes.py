"""What a connection does where it is not alone: after a fork, and beside another SQLite."""

import sqlite3
from contextlib import closing

import pytest

import onecross.sql as sql

AFTER_A_FORK = """
import gc, os, sys
import onecross.sql as sql

connection = sql.connect(sys.argv[1])
connection.execute("create table t (a)")
connection.commit()
connection.execute("insert into t values (1)")
reading = connection.execute("select 1 union select 2")
statement = connection.prepare("select 1")

child = os.fork()
if child == 0:
    try:
        uses = [
            connection.commit, connection.rollback, connection.close, connection.cursor,
            connection.__enter__, reading.fetchone, reading.close, statement.execute,
            lambda: connection.execute("select 1"), lambda: connection.in_transaction,
        ]
        for use in uses:
            try:
                use()
            except sql.ProgrammingError as error:
                assert "before the process was forked" in str(error), (use, error)
            else:
                raise AssertionError(use)
        del uses, use, connection, reading, statement
        gc.collect()
        with sql.connect(sys.argv[1], timeout=0) as own:
            assert own.execute("select count(*) from t").fetchone() == (0,)
        os._exit(0)
    except BaseException as error:
        print(repr(error), flush=True)
        os._exit(1)

_, status = os.waitpid(child, 0)
assert status == 0
connection.execute("insert into t values (2)")
connection.commit()
assert connection.execute("select a from t").fetchall() == [(1,), (2,)]
assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
print("unharmed")
"""


def test_a_fork_refuses_what_is_the_parents_and_leaves_it_unharmed(run_python, path):
    answer = run_python(AFTER_A_FORK, str(path))
    assert answer.stdout == "unharmed\n", answer.stderr


@pytest.fixture
def other(path):
    """The standard library's `sqlite3`, with the file open."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("create table t (a)")
        yield other


@pytest.mark.usefixtures("other")
def test_a_file_that_the_other_sqlite_has_open_is_warned_of(path):
    message = r"sqlite3 of the standard library has '.*test\.db' open .* onecross\.sql\.sqlite3"
    with pytest.warns(RuntimeWarning, match=message) as caught, closing(sql.connect(path)):
        pass
    assert [warning.filename for warning in caught] == [__file__]
    with (
        pytest.warns(RuntimeWarning, match="standard library"),
        closing(sql.connect(path.as_uri(), uri=True)),
    ):
        pass


def test_nothing_is_warned_of_where_there_is_no_harm(path, tmp_path):
    with closing(sql.connect(path)) as one, closing(sqlite3.connect(tmp_path / "another.db")):
        one.execute("create table t (a)")
        with closing(sql.connect(path)), closing(sql.connect(path)), path.open("rb"):
            pass
        with closing(sql.connect(path)), closing(sql.connect(":memory:")):
            pass


def test_a_file_that_the_other_sqlite_has_closed_is_not_warned_of(path, other):
    other.close()
    sql.connect(path).close()
