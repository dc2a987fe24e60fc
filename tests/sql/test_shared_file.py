"""Files that another copy of SQLite has open in the same process, which both faces warn of."""

import os
import sqlite3
import threading
from contextlib import closing

import pytest

import onecross.sql
import onecross.sql.sqlite3 as drop_in


@pytest.fixture(params=[onecross.sql, drop_in], ids=["sql", "sqlite3"])
def face(request):
    return request.param


@pytest.fixture
def path(tmp_path):
    return tmp_path / "test.db"


@pytest.fixture
def other(path):
    """The standard library's `sqlite3`, with the file open."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("create table t (a)")
        yield other


class Derived(drop_in.Connection):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)


@pytest.mark.usefixtures("other")
def test_a_file_that_the_other_sqlite_has_open_is_warned_of(face, path):
    message = r"sqlite3 of the standard library has '.*test\.db' open .* onecross\.sql\.sqlite3"
    for connect in face.connect, face.Connection:
        with pytest.warns(RuntimeWarning, match=message) as caught, closing(connect(path)):
            pass
        assert [warning.filename for warning in caught] == [__file__]
    with (
        pytest.warns(RuntimeWarning, match="standard library"),
        closing(face.connect(path.as_uri(), uri=True)),
    ):
        pass


@pytest.mark.usefixtures("other")
def test_a_class_of_ones_own_is_warned_of_where_it_opens_the_file(path):
    with (
        pytest.warns(RuntimeWarning, match="standard library") as caught,
        closing(drop_in.connect(path, factory=Derived)),
    ):
        pass
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.usefixtures("other")
@pytest.mark.filterwarnings("error")
def test_where_warnings_are_errors_the_file_is_closed_again(face, path):
    with pytest.raises(RuntimeWarning, match="standard library"):
        face.connect(path)
    assert os.fsencode(path) not in onecross._core.open_databases()


def test_nothing_is_warned_of_where_there_is_no_harm(face, path, tmp_path):
    with closing(face.connect(path)) as one, closing(sqlite3.connect(tmp_path / "another.db")):
        one.execute("create table t (a)")
        with closing(face.connect(path)), closing(face.connect(path)), path.open("rb"):
            pass
        with closing(face.connect(path)), closing(face.connect(":memory:")):
            pass


def test_a_file_that_the_other_sqlite_has_closed_is_not_warned_of(face, path, other):
    other.close()
    face.connect(path).close()


def test_a_file_whose_name_is_no_text_is_opened_and_warned_of(face, tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.db")
    with closing(face.connect(path)) as connection:
        connection.execute("create table t (a)")
        connection.commit()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("select * from t").fetchall() == []
        with pytest.warns(RuntimeWarning, match="standard library"), closing(face.connect(path)):
            pass


@pytest.mark.filterwarnings("error")
def test_a_file_that_only_a_cursor_of_ours_keeps_open_is_not_warned_of(face, path):
    with closing(face.connect(path)) as one:
        cursor = one.execute("select 1 union select 2")
    with closing(sqlite3.connect(":memory:")), closing(face.connect(path)):
        assert cursor.connection is one


@pytest.mark.filterwarnings("error")
def test_threads_that_open_a_file_at_once_are_not_warned_of_each_other(face, path):
    def open_it():
        all_of_them.wait()
        for _ in range(20):
            face.connect(path).close()

    all_of_them, failed = threading.Barrier(4), []
    before, threading.excepthook = threading.excepthook, failed.append
    threads = [threading.Thread(target=open_it) for _ in range(4)]
    with closing(sqlite3.connect(":memory:")):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    threading.excepthook = before
    assert failed == []
