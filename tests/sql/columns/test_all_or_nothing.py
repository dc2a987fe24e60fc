"""All rows of one call are stored, or none, whatever is done with the connection meanwhile.

What a generator does is chosen at random. After each call there is either everything, or an error
and nothing, beside what was there before, which is left in its transaction.
"""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onecross.sql
from onecross.sql.errors import Error, OperationalError, ProgrammingError

COUNT = 2_500


class UndoneError(Exception):
    pass


def opened(is_autocommit=False):
    connection = onecross.sql.connect(":memory:", autocommit=is_autocommit)
    connection.execute("create table t (n integer primary key)")
    connection.execute("create table log (n integer primary key on conflict rollback)")
    connection.execute("insert into log values (0)")
    connection.commit()
    return connection


def numbers(connection):
    return [number for (number,) in connection.execute("select n from t order by n")]


def block(connection):
    with connection:
        connection.execute("insert into log (n) select max(n) + 1 from log")


def failing_block(connection):
    with contextlib.suppress(UndoneError), connection:
        block(connection)
        raise UndoneError


def inner_call(connection):
    connection.insert(
        "log", [{"n": connection.execute("select max(n) + 1 from log").fetchone()[0]}]
    )


def failing_call(connection):
    with contextlib.suppress(UndoneError):
        connection.insert("log", raising())


def raising():
    yield (10_000,)
    raise UndoneError


def refused(act):
    def act_and_go_on(connection):
        with contextlib.suppress(Error):
            act(connection)

    return act_and_go_on


def executing(*texts):
    def execute(connection):
        for text in texts:
            connection.execute(text)

    return refused(execute)


def scripting(text):
    return refused(lambda connection: connection.executescript(text))


ACTS = {
    "block": block,
    "failing block": failing_block,
    "inner call": inner_call,
    "failing call": failing_call,
    "commit": refused(lambda connection: connection.commit()),
    "rollback": refused(lambda connection: connection.rollback()),
    "leave": refused(lambda connection: connection.__exit__(None, None, None)),
    "leave failing": refused(
        lambda connection: connection.__exit__(UndoneError, UndoneError(), None)
    ),
    "COMMIT": executing("commit"),
    "END": executing("end transaction", "begin"),
    "COMMIT, BEGIN": executing("commit", "begin"),
    "ROLLBACK": executing("rollback"),
    "ROLLBACK, BEGIN": executing("rollback", "begin immediate"),
    "hidden": executing(";commit", "\ufeffrollback", " \v/* */ -- x\n;;end", "begin"),
    "to outer": executing("rollback to outermost"),
    "release": executing("release outermost"),
    "own savepoint": executing("savepoint mine", "rollback to mine", "release mine"),
    "savepoint left open": executing("savepoint onecross_rows", "savepoint onecross_block"),
    "script": scripting("commit; begin"),
    "hidden script": scripting(";;rollback; begin"),
    "lost": executing("insert into log values (0)", "begin"),
    "lost, then written": executing("insert into log values (0)", "insert into log values (99)"),
}


@contextlib.contextmanager
def nothing_open(connection):
    yield


@contextlib.contextmanager
def transaction_open(connection):
    connection.execute("begin")
    yield


@contextlib.contextmanager
def savepoint_open(connection):
    connection.execute("savepoint outermost")
    yield


@contextlib.contextmanager
def block_open(connection):
    connection.__enter__()
    yield
    with contextlib.suppress(Error):
        connection.__exit__(None, None, None)


AROUND = [nothing_open, transaction_open, savepoint_open, block_open]


def check(is_autocommit, around, acts, is_within_block=False):
    connection = opened(is_autocommit)

    def rows():
        for number in range(COUNT):
            for act in acts.get(number, ()):
                # A generator that leaves its own block has two ends of it.
                if not (is_within_block and act.startswith("leave")):
                    ACTS[act](connection)
            yield (number,)

    def within_block():
        with connection:
            block(connection)
            yield from rows()

    with around(connection):
        before = -5
        connection.execute("insert into t values (-5)")
        is_open = connection.in_transaction
        try:
            stored = connection.insert("t", within_block() if is_within_block else rows())
        except Error:
            stored = None
        if stored is None:
            is_lost = not connection.in_transaction and is_open
            done = [act.partition(",")[0] for each in acts.values() for act in each]
            assert not is_lost or {"lost", "leave", "leave failing"} & {*done}
            if is_lost and around is block_open:
                with contextlib.suppress(Error):
                    connection.__exit__(None, None, None)
            assert numbers(connection) == ([] if is_lost else [before])
        else:
            assert stored == COUNT
            assert numbers(connection) == [before, *range(COUNT)]
            assert connection.in_transaction == is_open
    if not is_autocommit and around is not block_open:
        connection.rollback()
        assert numbers(connection) == []
    assert connection.insert("t", [(-7,)]) == 1
    connection.close()


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("act", ACTS)
def test_one_act_in_the_middle(act, around):
    for is_autocommit in (False, True):
        check(is_autocommit, around, {1_500: [act]})
        check(is_autocommit, around, {1_500: [act]}, is_within_block=True)


@settings(max_examples=60, deadline=None)
@given(
    st.booleans(),
    st.sampled_from(AROUND),
    st.dictionaries(
        st.sampled_from([0, 1, 1_023, 1_024, 1_025, 2_048, 2_499]),
        st.lists(st.sampled_from(list(ACTS)), max_size=3),
        max_size=4,
    ),
    st.booleans(),
)
def test_many_acts_at_random(is_autocommit, around, acts, is_within_block):
    check(is_autocommit, around, acts, is_within_block)


@pytest.mark.parametrize(
    "text", ["commit", "end", "rollback", "release x", "rollback to x", ";end"]
)
def test_what_would_end_a_transaction_is_refused(text):
    connection = opened()

    def rows():
        yield (1,)
        connection.execute(text)

    with pytest.raises(ProgrammingError, match="while rows are stored by one call"):
        connection.insert("t", rows())
    assert numbers(connection) == []
    connection.close()


def test_rows_that_a_block_undoes_are_told():
    connection = opened()

    def rows():
        with contextlib.suppress(UndoneError), connection:
            block(connection)
            for number in range(2_000):
                yield (number,)
            raise UndoneError
        yield (5_000,)

    with pytest.raises(OperationalError, match="rows were undone while they were stored"):
        connection.insert("t", rows())
    assert numbers(connection) == []
    connection.close()


def test_a_block_of_a_generator_that_is_left_later_is_one_of_its_own():
    connection = opened()

    def rows():
        with connection:
            block(connection)
            yield (1,)
            yield (1,)
            yield from ((number,) for number in range(2, 2_000))

    kept = rows()
    with pytest.raises(onecross.sql.IntegrityError):
        connection.insert("t", kept)
    connection.execute("insert into t values (9)")
    kept.close()
    assert numbers(connection) == []
    block(connection)
    assert connection.execute("select n from log").fetchall() == [(0,), (1,)]
    connection.close()


def test_values_that_use_the_connection_as_they_are_read():
    class Committing:
        def __conform__(self, protocol):
            with contextlib.suppress(Error):
                connection.execute("insert into log values (0)")
            with contextlib.suppress(Error):
                connection.execute("begin")
            return 20_000

    connection = opened(is_autocommit=True)
    columns = {"n": [*range(9_000), Committing()]}
    for store in (
        lambda: connection.executemany("insert into t values (?)", columns),
        lambda: connection.insert("t", columns),
    ):
        with pytest.raises(OperationalError, match="the transaction has ended while"):
            store()
        assert numbers(connection) == []
    connection.close()
