"""`with connection:`: a transaction, and savepoints within it."""

from contextlib import closing, contextmanager, suppress

import pytest

import onecross.sql as sql


class ExpectedError(Exception):
    pass


@contextmanager
def failing(connection):
    """A block that an exception leaves."""
    try:
        with connection:
            yield
            raise ExpectedError
    except ExpectedError:
        return
    raise AssertionError("the exception did not leave the block")


@pytest.fixture(params=[False, True], ids=["", "autocommit"])
def connection(request, path):
    with closing(sql.connect(path, autocommit=request.param)) as connection:
        with connection:
            connection.execute("create table t (a)")
        yield connection


def add(connection, *values):
    connection.executemany("insert into t values (?)", [(value,) for value in values])


def kept(connection):
    """What another connection sees."""
    path = connection.execute("pragma database_list").fetchone()[2]
    with closing(sql.connect(path)) as other:
        return [a for (a,) in other.execute("select a from t order by a")]


def test_what_a_block_did_is_committed_where_it_is_left(connection):
    with connection as entered:
        assert entered is connection
        add(connection, 1, 2)
        assert connection.in_transaction
        assert kept(connection) == []
    assert not connection.in_transaction
    assert kept(connection) == [1, 2]


def test_what_a_block_did_is_undone_where_an_exception_leaves_it(connection):
    with failing(connection):
        add(connection, 1)
    assert not connection.in_transaction
    assert kept(connection) == []


def test_no_transaction_begins_in_a_block_that_only_reads(connection):
    with connection, connection:
        connection.execute("select * from t").fetchall()
        assert not connection.in_transaction


def test_an_exception_undoes_its_own_block_only(connection):
    with connection:
        add(connection, 1)
        with failing(connection):
            add(connection, 2)
            with connection:
                add(connection, 3)
        add(connection, 4)
        with connection:
            add(connection, 5)
    assert kept(connection) == [1, 4, 5]


def test_the_outer_block_undoes_what_its_inner_blocks_did(connection):
    with failing(connection), connection:
        add(connection, 1)
    assert kept(connection) == []


def test_the_first_write_may_be_in_the_innermost_block(connection):
    with connection:
        with failing(connection), connection:
            add(connection, 1)
        with connection, connection:
            add(connection, 2)
    assert kept(connection) == [2]


def test_a_block_in_a_transaction_undoes_no_more_than_its_own(path):
    with closing(sql.connect(path)) as connection:
        connection.execute("create table t (a)")
        add(connection, 1)
        with failing(connection):
            add(connection, 2)
        assert connection.in_transaction
        assert kept_within(connection) == [1]
        with connection:
            add(connection, 3)
        assert not connection.in_transaction
        assert kept(connection) == [1, 3]


def kept_within(connection):
    return [a for (a,) in connection.execute("select a from t order by a")]


def test_savepoints_of_ones_own_are_within_the_block(connection):
    with connection:
        connection.execute("savepoint mine")
        add(connection, 1)
        connection.execute("rollback to mine")
        add(connection, 2)
        connection.execute("release mine")
        with connection:
            add(connection, 3)
    assert kept(connection) == [2, 3]


@pytest.mark.parametrize("method", ["commit", "rollback"])
def test_a_block_ends_its_transaction_itself(connection, method):
    with connection:
        add(connection, 1)
        with pytest.raises(sql.ProgrammingError, match=rf"{method}\(\) was called within `with"):
            getattr(connection, method)()
        with pytest.raises(sql.ProgrammingError, match="within `with"):
            connection.autocommit = True
    assert kept(connection) == [1]


@pytest.mark.parametrize(("statement", "rest"), [("commit", [1]), ("rollback", [])])
def test_nothing_runs_after_a_statement_ended_the_transaction_of_a_block(
    connection, statement, rest
):
    prepared = connection.prepare("select 1")

    def run():
        with connection:
            add(connection, 1)
            connection.execute(statement)
            for attempt in (
                lambda: connection.execute("select 1"),
                lambda: add(connection, 2),
                lambda: connection.executescript("insert into t values (3)"),
                prepared.execute,
                connection.__enter__,
            ):
                with pytest.raises(sql.OperationalError, match="has ended inside it"):
                    attempt()

    with pytest.raises(sql.OperationalError, match="has ended inside it"):
        run()
    assert kept(connection) == rest
    with connection:
        add(connection, 4)
    assert kept(connection) == [*rest, 4]


def test_nothing_runs_after_sqlite_rolled_back_the_transaction_of_a_block(connection):
    connection.execute("create unique index one on t (a)")
    connection.autocommit = True

    def run():
        with connection:
            with suppress(sql.IntegrityError), connection:
                add(connection, 1)
                connection.execute("insert or rollback into t values (1)")
            add(connection, 2)

    with pytest.raises(sql.OperationalError, match="has ended inside it"):
        run()
    assert kept(connection) == []


def test_the_error_says_that_the_transaction_was_rolled_back(connection):
    connection.execute("create unique index one on t (a)")
    connection.autocommit = True
    add_twice = "insert or rollback into t values (1), (1)"
    with pytest.raises(sql.IntegrityError) as caught, connection:
        connection.execute(add_twice)
    assert str(caught.value) == "UNIQUE constraint failed: t.a (the transaction was rolled back)"


def test_what_cannot_be_committed_is_undone(connection):
    connection.execute("create table parents (id integer primary key)")
    connection.execute(
        "create table children (parent references parents deferrable initially deferred)"
    )
    connection.autocommit = True
    with pytest.raises(sql.IntegrityError, match="FOREIGN KEY"), connection:
        connection.executescript("insert into t values (1); insert into children values (7)")
    assert not connection.in_transaction
    assert kept(connection) == []


def test_a_block_whose_connection_was_closed_says_so(path):
    connection = sql.connect(path)
    connection.execute("create table t (a)")
    with pytest.raises(sql.ProgrammingError, match="closed database"), connection:
        connection.close()
    connection = sql.connect(path)
    with failing(connection):
        connection.close()
    with closing(sql.connect(path)) as connection:
        assert connection.execute("select name from sqlite_schema").fetchall() == []


def test_rows_that_are_not_fetched_hinder_no_commit(connection):
    with connection:
        cursor = connection.execute("insert into t values (1), (2) returning a")
        assert cursor.fetchone() == (1,)
        reading = connection.execute("select a from t")
    assert kept(connection) == [1, 2]
    assert cursor.fetchall() == [(2,)]
    assert reading.fetchall() == [(1,), (2,)]


def test_a_script_is_part_of_the_block(connection):
    with failing(connection):
        connection.executescript("insert into t values (1); insert into t values (2);")
        assert connection.in_transaction
    assert kept(connection) == []
