"""Blobs: files in rows, which do as those of the standard library's sqlite3."""

import gc
import sqlite3 as stdlib
import sys
import threading
import weakref
from array import array
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecross.sql import sqlite3 as ours

CONTENT = bytes(range(40))


@pytest.fixture
def connect(connect):
    return partial(connect, isolation_level=None)


def filled(connection, content=CONTENT):
    connection.execute("create table t (id integer primary key, data blob)")
    connection.execute("insert into t values (1, ?)", (content,))
    return connection


def content_of(connection):
    return connection.execute("select data from t where id = 1").fetchone()[0]


def outcome(work):
    """What came of a call: the value, or the kind of the error and its message."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        return type(error).__name__, str(error)


def opened(connection, content=CONTENT, readonly=False):
    filled(connection, content)
    return connection, connection.blobopen("t", "data", 1, readonly=readonly)


numbers = st.one_of(
    st.integers(-45, 45), st.sampled_from([2**31 - 1, -(2**31), 2**31, 2**63 - 1, 2**63, 2**70])
)
no_numbers = st.sampled_from([None, 1.5, "1", b"1", True])
# A slice that goes backwards, or ends before it begins, is not read rightly by the standard
# library's: it is compared with what bytes make of it below.
forwards = st.builds(
    lambda start, length, step: slice(start, start + length, step),
    st.integers(0, 40),
    st.integers(0, 40),
    st.one_of(st.none(), st.integers(1, 5)),
)
byte_strings = st.binary(max_size=45)
contents = st.one_of(
    byte_strings,
    byte_strings.map(bytearray),
    byte_strings.map(memoryview),
    byte_strings.map(lambda content: memoryview(content)[::2]),
    st.sampled_from([array("i", [1, 2]), "text", None, 5]),
)
operations = st.one_of(
    st.tuples(st.just("read"), st.one_of(numbers, no_numbers)),
    st.tuples(st.just("read")),
    st.tuples(st.just("write"), contents),
    st.tuples(st.just("seek"), numbers, st.sampled_from([0, 1, 2, 3, -1, 2**40, None])),
    st.tuples(st.just("seek"), st.one_of(numbers, no_numbers)),
    st.tuples(st.just("tell")),
    st.tuples(st.just("__len__")),
    st.tuples(st.just("__getitem__"), st.one_of(numbers, no_numbers, forwards)),
    st.tuples(st.just("__setitem__"), numbers, st.one_of(numbers, no_numbers)),
    st.tuples(st.just("__setitem__"), forwards, contents),
    st.tuples(st.just("__delitem__"), st.one_of(numbers, no_numbers, forwards)),
    st.tuples(st.just("__enter__")).map(lambda operation: (*operation, "itself")),
    st.tuples(st.just("change row")),
    st.tuples(st.just("close")),
)


def perform(connection, blob, operation):
    name, *arguments = operation
    if name == "change row":
        connection.execute("update t set data = 'changed'")
        return None
    if arguments == ["itself"]:
        return getattr(blob, name)() is blob
    return getattr(blob, name)(*arguments)


# Under valgrind, examples are not made as soon as they are elsewhere.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(operations, max_size=12), st.booleans())
def test_a_blob_does_as_the_standard_librarys(performed, readonly):
    ours_and_theirs = [
        opened(module.connect(":memory:", isolation_level=None), readonly=readonly)
        for module in (ours, stdlib)
    ]
    for operation in performed:
        answers = [
            outcome(lambda pair=pair, operation=operation: perform(*pair, operation))
            for pair in ours_and_theirs
        ]
        assert answers[0] == answers[1], operation
        if answers[0] == ("OperationalError", "query aborted"):
            # What the standard library's blob answers from here on is not always an error.
            break
    contents = [content_of(connection) for connection, _ in ours_and_theirs]
    assert contents[0] == contents[1]
    for connection, blob in ours_and_theirs:
        blob.close()
        connection.close()


@given(
    st.one_of(st.none(), st.integers(-45, 45)),
    st.one_of(st.none(), st.integers(-45, 45)),
    st.one_of(st.none(), st.integers(-7, 7).filter(bool)),
)
def test_a_slice_is_what_bytes_make_of_it(start, stop, step):
    connection, blob = opened(ours.connect(":memory:", isolation_level=None))
    part = slice(start, stop, step)
    assert blob[part] == CONTENT[part]

    expected = bytearray(CONTENT)
    replaced = bytes(200 + place % 50 for place in range(len(CONTENT[part])))
    expected[part] = replaced
    blob[part] = replaced
    assert content_of(connection) == expected
    connection.close()


@pytest.mark.parametrize(
    "arguments",
    [
        ("t", "data", 2),
        ("t", "other", 1),
        ("u", "data", 1),
        ("t", "id", 1),
        ("t", "data", 2**63),
        ("t", "data", -(2**63)),
        ("t", "data", 1.0),
        ("t\0", "data", 1),
        ("\ud800", "data", 1),
    ],
)
def test_what_cannot_be_opened_is_refused_as_by_the_standard_library(connect, arguments):
    answers = [
        outcome(lambda module=module: filled(connect(module=module)).blobopen(*arguments))
        for module in (ours, stdlib)
    ]
    assert answers[0] == answers[1]


def test_a_blob_of_an_attached_database_is_opened(connect):
    connection = filled(connect())
    connection.execute("attach ':memory:' as other")
    connection.execute("create table other.t (data)")
    connection.execute("insert into other.t values (x'aabb')")
    with connection.blobopen("t", "data", 1, name="other", readonly=True) as blob:
        assert blob.read() == b"\xaa\xbb"


def test_large_blobs_are_read_and_written_whole(connect):
    content = bytes(range(256)) * 4096
    connection, blob = opened(connect(), content)
    assert blob.read() == content
    assert blob[1:-1:3] == content[1:-1:3]
    blob.seek(0)
    blob.write(bytearray(content[::-1]))
    assert content_of(connection) == content[::-1]
    blob[:] = content
    assert content_of(connection) == content


@pytest.mark.parametrize(
    "use",
    [
        ("__len__",),
        ("__getitem__", 0),
        ("__getitem__", slice(0, 0)),
        ("read", 0),
        ("write", b""),
        ("seek", 0),
        ("tell",),
        ("__enter__",),
    ],
    ids=str,
)
def test_a_blob_whose_row_was_changed_never_looks_empty(connect, use):
    connection, blob = opened(connect())
    blob.seek(5)
    connection.execute("update t set data = 'changed'")
    for name, *arguments in [("read",), use]:
        with pytest.raises(ours.OperationalError, match="query aborted") as caught:
            getattr(blob, name)(*arguments)
        assert caught.value.sqlite_errorname == "SQLITE_ABORT"
    blob.close()


def test_a_connection_closes_its_blobs_and_commits_them(connect, tmp_path):
    path = tmp_path / "blobs.db"
    connection = connect(path)
    connection.execute("create table t (data blob)")
    connection.execute("insert into t values (x'0000')")
    blobs = [connection.blobopen("t", "data", 1) for _ in range(3)]
    blobs[0].write(b"\1\2")
    connection.close()
    for blob in blobs:
        with pytest.raises(ours.ProgrammingError, match="Cannot operate on a closed database"):
            blob.read()

    # Nothing holds a lock any more.
    other = connect(path, timeout=0)
    assert other.execute("select data from t").fetchone() == (b"\1\2",)
    other.execute("drop table t")


def test_a_blob_that_was_dropped_holds_no_lock(connect, tmp_path):
    path = tmp_path / "dropped.db"
    connection = connect(path)
    connection.execute("create table t (data blob)")
    connection.execute("insert into t values (x'00')")
    connection.blobopen("t", "data", 1).write(b"\1")
    other = connect(path, timeout=0)
    other.execute("update t set data = data || 'a'")
    assert connection.execute("select data from t").fetchone() == ("\1a",)


def test_closing_tells_of_a_commit_that_fails(connect, tmp_path):
    path = tmp_path / "locked.db"
    writer = connect(path, timeout=0)
    writer.execute("create table t (data blob)")
    writer.execute("insert into t values (x'00')")
    reader = connect(path, timeout=0)
    reader.execute("begin")
    reader.execute("select * from t").fetchall()

    blob = writer.blobopen("t", "data", 1)
    blob.write(b"\1")
    with pytest.raises(ours.OperationalError, match="database is locked"):
        blob.close()
    blob.close()
    reader.execute("commit")
    assert reader.execute("select data from t").fetchone() == (b"\0",)


def test_a_blob_is_used_by_its_thread_alone_if_its_connection_is(connect):
    _connection, blob = opened(connect())
    answers = []
    thread = threading.Thread(target=lambda: answers.append(outcome(blob.read)))
    thread.start()
    thread.join()
    ((kind, message),) = answers
    assert kind == "ProgrammingError"
    assert message.startswith("SQLite objects created in a thread can only be used in that same")
    assert blob.read() == CONTENT


def test_threads_take_turns_at_a_blob(connect):
    connection, blob = opened(connect(check_same_thread=False))

    def write(place):
        for number in range(200):
            blob[place] = number
            assert blob[place] == number

    threads = [threading.Thread(target=write, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert content_of(connection) == bytes([199]) * 8 + CONTENT[8:]


def test_an_index_that_uses_its_own_blob_is_refused(connect):
    connection, blob = opened(connect())

    class Index:
        def __index__(self):
            blob.close()
            return blob.read(1)[0]

    with pytest.raises(ours.ProgrammingError, match="Recursive use of blobs"):
        blob[Index()]
    with pytest.raises(ours.ProgrammingError, match="cannot be closed while"):
        blob[type("Index", (), {"__index__": lambda _: connection.close()})()]


@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
def test_a_blob_is_collected_with_what_it_is_in_a_cycle_with():
    class Factory:
        def __call__(self, cursor, row):
            return row

    connection = ours.connect(":memory:")
    connection.execute("create table t (data)")
    connection.execute("insert into t values ('x')")
    connection.commit()
    factory = Factory()
    connection.row_factory = factory
    factory.blob = connection.blobopen("t", "data", 1)
    gone = weakref.ref(factory)
    del connection, factory
    gc.collect()
    assert gone() is None


def test_no_reference_is_left_behind(connect):
    connection, blob = opened(connect())
    data = b"0123456789"
    before = sys.getrefcount(data), sys.getrefcount(connection), sys.getrefcount(blob)
    for _ in range(10):
        blob.seek(0)
        blob.write(data)
        blob[0:10] = data
        with blob:
            pass
        blob = connection.blobopen("t", "data", 1)
    assert (sys.getrefcount(data), sys.getrefcount(connection), sys.getrefcount(blob)) == before


def test_nobody_makes_a_blob_but_its_connection():
    with pytest.raises(TypeError, match=r"cannot create 'onecross\.sql\.Blob' instances"):
        ours.Blob()
