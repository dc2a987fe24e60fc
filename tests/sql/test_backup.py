"""Backups: copies of databases that are in use."""

import signal
import sqlite3 as stdlib
import sys
import threading
from contextlib import closing

import pytest

from onecross.sql import constants
from onecross.sql import sqlite3 as ours


def filled(connection, count):
    """The connection, now to a database with a table of so many pages."""
    connection.execute("create table t (id integer primary key, data)")
    connection.execute("begin")
    connection.executemany(
        "insert into t values (?, zeroblob(4000))", ((number,) for number in range(count))
    )
    connection.execute("commit")
    return connection


def count(connection):
    return connection.execute("select count(*) from t").fetchone()[0]


def is_sound(connection):
    return connection.execute("pragma integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("pages", [-5, -1, 0, 1, 7, 10_000])
def test_the_progress_of_a_backup_is_that_of_the_standard_library(connect, pages):
    told = []
    for module in (ours, stdlib):
        journal = []
        source, target = filled(connect(module=module), 30), connect(module=module)
        # Newer versions of SQLite fill pages otherwise: only the number of steps is compared.
        source.backup(
            target, pages=pages, progress=lambda status, *_, journal=journal: journal.append(status)
        )
        assert count(target) == 30
        assert is_sound(target)
        told.append(journal)
    assert told[0] == told[1]


def test_a_backup_tells_how_many_pages_are_left(connect):
    source, target = filled(connect(), 30), connect()
    pages = source.execute("pragma page_count").fetchone()[0]
    journal = []
    source.backup(target, pages=10, progress=lambda *step: journal.append(step))
    whole, rest = divmod(pages, 10)
    assert rest
    assert journal == [
        *((constants.SQLITE_OK, pages - 10 * step, pages) for step in range(1, whole + 1)),
        (constants.SQLITE_DONE, 0, pages),
    ]


@pytest.mark.parametrize(
    "options",
    [
        {"pages": "x"},
        {"pages": None},
        {"pages": 2**40},
        {"progress": 1},
        {"name": "other"},
        {"name": "a\0b"},
        {"name": "\ud800"},
    ],
    ids=str,
)
def test_arguments_are_refused_as_by_the_standard_library(connect, options):
    refusals = []
    for module in (ours, stdlib):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - compared below
            filled(connect(module=module), 1).backup(connect(module=module), **options)
        refusals.append((caught.type.__name__, str(caught.value)))
    assert refusals[0] == refusals[1]


def test_what_another_connection_writes_meanwhile_is_copied_too(connect, tmp_path):
    source, target = filled(connect(tmp_path / "source.db"), 3000), connect()
    writer = connect(tmp_path / "source.db", isolation_level=None)
    written = iter(range(5))

    def write(status, left, pages):
        if next(written, None) is not None:
            writer.execute("insert into t (data) values (zeroblob(4000))")

    source.backup(target, pages=1000, progress=write)
    assert count(target) == 3005
    assert is_sound(target)


def test_a_backup_of_everything_ends_though_others_write_all_the_time(connect, tmp_path):
    source = filled(connect(tmp_path / "source.db"), 5000)
    target = connect()
    writes, ends = threading.Event(), threading.Event()

    def write():
        with closing(ours.connect(tmp_path / "source.db", isolation_level=None)) as writer:
            while not ends.is_set():
                writer.execute("update t set data = zeroblob(4000) where id = 1")
                writes.set()

    thread = threading.Thread(target=write)
    thread.start()
    writes.wait()
    try:
        source.backup(target)
    finally:
        ends.set()
        thread.join()
    assert count(target) == 5000
    assert is_sound(target)


def test_a_failing_handler_ends_the_backup_and_the_target_is_as_before(connect):
    source, target = filled(connect(), 30), filled(connect(), 3)

    def fail(status, left, pages):
        raise LookupError(left)

    with pytest.raises(LookupError):
        source.backup(target, pages=5, progress=fail)
    assert count(target) == 3
    source.backup(target)
    assert count(target) == 30


def test_an_error_is_told_to_the_handler_and_raised(connect, tmp_path):
    path = tmp_path / "read_only.db"
    filled(connect(path), 1).close()
    target = connect(f"file:{path}?mode=ro", uri=True)
    journal = []
    with pytest.raises(ours.OperationalError, match="readonly") as caught:
        filled(connect(), 1).backup(target, progress=lambda *step: journal.append(step[0]))
    assert journal == [caught.value.sqlite_errorcode]


@pytest.mark.parametrize(
    "use",
    [
        lambda target, other: target.execute("select 1"),
        lambda target, other: target.close(),
        lambda target, other: target.deserialize(b""),
        lambda target, other: target.backup(other),
        lambda target, other: other.backup(target),
        lambda target, other: target.blobopen("t", "data", 1),
    ],
    ids=["execute", "close", "deserialize", "source", "target", "blob"],
)
def test_the_target_is_kept_from_the_handler(connect, use):
    source, target, other = filled(connect(), 30), connect(), connect()
    refusals = []

    def handle(status, left, pages):
        with pytest.raises(ours.ProgrammingError) as caught:
            use(target, other)
        refusals.append(str(caught.value))

    source.backup(target, pages=10, progress=handle)
    assert set(refusals) == {"a connection cannot be used while a backup is written to it"}
    assert count(target) == 30


def test_the_source_cannot_be_closed_by_the_handler(connect):
    source, target = filled(connect(), 30), connect()

    def close(status, left, pages):
        with pytest.raises(ours.ProgrammingError, match="cannot be closed while"):
            source.close()

    source.backup(target, pages=10, progress=close)
    assert count(target) == 30


def test_a_target_in_use_is_not_written(connect):
    source, target = filled(connect(), 3), filled(connect(), 1)
    rows = target.execute("select * from t union all select * from t")
    rows.fetchone()
    with pytest.raises(ours.OperationalError, match="destination database is in use"):
        source.backup(target)
    assert len(rows.fetchall()) == 1


def test_a_locked_source_is_tried_again_until_another_thread_commits(connect):
    source = filled(connect(check_same_thread=False), 30)
    target = connect(check_same_thread=False)
    source.execute("begin immediate")
    source.execute("delete from t where id = 0")
    is_told, journal = threading.Event(), []

    def tell(status, left, pages):
        journal.append(status)
        is_told.set()

    backup = threading.Thread(
        target=lambda: source.backup(target, progress=tell, sleep=0.001), daemon=True
    )
    backup.start()
    is_told.wait()
    source.execute("commit")
    backup.join()
    assert journal[0] == constants.SQLITE_BUSY
    assert journal[-1] == constants.SQLITE_DONE
    assert count(target) == 29


def test_a_wait_is_ended_by_a_signal(connect):
    source, target = filled(connect(), 3), connect()
    source.execute("begin immediate")
    journal = []

    def tell(status, left, pages):
        journal.append(status)
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            source.backup(target, progress=tell, sleep=float("inf"))
    finally:
        signal.signal(signal.SIGINT, before)
    assert journal == [constants.SQLITE_BUSY]
    source.execute("commit")
    source.backup(target)


def test_a_backup_whose_source_is_closed_meanwhile_ends(connect):
    source = filled(connect(check_same_thread=False), 3)
    target = connect(check_same_thread=False)
    source.execute("begin immediate")
    is_told, errors = threading.Event(), []

    def back_up():
        try:
            source.backup(target, progress=lambda *_: is_told.set(), sleep=0.001)
        except ours.Error as error:
            errors.append(str(error))

    backup = threading.Thread(target=back_up, daemon=True)
    backup.start()
    is_told.wait()
    # Between two steps of the backup, which owns its source meanwhile, this waits for its turn.
    source.close()
    backup.join()
    assert errors == ["Cannot operate on a closed database."]
    assert target.execute("select 1").fetchone() == (1,)


def test_two_connections_that_are_copied_to_each_other_both_go_on(connect):
    connections = [filled(connect(check_same_thread=False), 500) for _ in range(2)]

    def copy(source, target):
        for _ in range(20):
            source.backup(target, pages=100)

    threads = [
        threading.Thread(target=copy, args=pair) for pair in (connections, connections[::-1])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [count(connection) for connection in connections] == [500, 500]


def test_a_thread_that_waits_for_the_target_while_the_backup_waits_for_it_ends_one_of_them(connect):
    source = filled(connect(check_same_thread=False), 30)
    target = connect(check_same_thread=False)
    source.execute("begin immediate")
    source.execute("delete from t where id = 0")
    is_told, errors = threading.Event(), []

    def back_up():
        try:
            source.backup(target, progress=lambda *_: is_told.set(), sleep=0.001)
        except ours.OperationalError as error:
            errors.append(str(error))

    def ask():
        try:
            target.execute("select 1")
        except ours.OperationalError as error:
            errors.append(str(error))

    source.create_function("ask", 0, ask)
    backup = threading.Thread(target=back_up, daemon=True)
    backup.start()
    is_told.wait()
    source.execute("select ask()").fetchone()
    source.execute("commit")
    backup.join()
    (error,) = errors
    assert error.startswith("deadlock:")


def test_waiting_for_a_locked_target_is_ended_by_a_signal(connect, tmp_path):
    source, target = filled(connect(), 3), connect(tmp_path / "locked.db", timeout=60)
    other = connect(tmp_path / "locked.db", isolation_level=None)
    other.execute("begin exclusive")
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt):
            source.backup(target)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    other.execute("rollback")
    source.backup(target)
    assert count(target) == 3


def test_no_reference_is_left_behind(connect):
    source, target = filled(connect(), 3), connect()

    def tell(status, left, pages):
        pass

    before = sys.getrefcount(source), sys.getrefcount(target), sys.getrefcount(tell)
    for _ in range(10):
        source.backup(target, progress=tell)
    assert (sys.getrefcount(source), sys.getrefcount(target), sys.getrefcount(tell)) == before
