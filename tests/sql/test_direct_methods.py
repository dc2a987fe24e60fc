"""The methods of cursors that are called without PyO3 in between, and what they let go of."""

import inspect
import subprocess
import sys
import weakref

import pytest

from onecross.sql import sqlite3

ROUNDS = 50


@pytest.fixture
def cursor(connection):
    return connection.cursor()


def test_they_take_as_many_arguments_as_they_say(cursor):
    with pytest.raises(TypeError, match="execute expected at least 1 argument, got 0"):
        cursor.execute()
    with pytest.raises(TypeError, match="execute expected at most 2 arguments, got 3"):
        cursor.execute("select ?", (1,), 2)
    with pytest.raises(TypeError, match="fetchone expected at most 0 arguments, got 1"):
        cursor.fetchone(1)


def test_their_arguments_have_no_names(cursor):
    with pytest.raises(TypeError, match=r"execute\(\) takes no keyword arguments"):
        cursor.execute(sql="select 1")


def test_they_are_called_of_cursors_only(cursor):
    with pytest.raises(TypeError, match="doesn't apply to a 'str' object"):
        type(cursor).execute("select 1", "select 1")
    with pytest.raises(TypeError, match="doesn't apply to a 'str' object"):
        type(cursor).fetchone("select 1")


def test_they_tell_their_signatures(cursor):
    assert list(inspect.signature(cursor.execute).parameters) == ["sql", "parameters"]
    assert not inspect.signature(cursor.fetchone).parameters
    assert cursor.execute.__doc__ == "Runs a statement."
    assert cursor.fetchone.__doc__ == "The next row, or None."


def test_a_subclass_has_them_in_its_own_way(drop_in):
    class Loud(sqlite3.Cursor):
        def execute(self, sql, parameters=()):
            return super().execute(sql.lower(), parameters)

        def fetchone(self):
            return ("loud", *super().fetchone())

    cursor = drop_in.cursor(Loud)
    assert cursor.execute("SELECT 'A', ?", (2,)) is cursor
    assert cursor.fetchone() == ("loud", "a", 2)


def test_what_was_adapted_is_let_go_with_the_statement(drop_in):
    class Adapted(str):
        """What can be told to be gone."""

    class Thing:
        def __conform__(self, protocol):
            adapted = Adapted("thing")
            made.append(weakref.ref(adapted))
            return adapted

    made = []
    cursor = drop_in.cursor()
    cursor.execute("create table t (x)")
    execute = cursor.execute
    for _ in range(ROUNDS):
        execute("insert into t values (?)", (Thing(),))
        assert made[-1]() is None
    assert len(made) == ROUNDS


def test_texts_of_statements_that_left_the_cache_are_let_go(connect):
    cursor = connect(cached_statements=2).cursor()
    execute = cursor.execute
    texts = [f"select {number}" for number in range(ROUNDS)]
    before = [sys.getrefcount(text) for text in texts]
    for text in texts:
        execute(text)
    del text
    for number in range(3):
        execute(f"select {number} + 1000")
    assert [sys.getrefcount(text) for text in texts] == before


def test_a_text_factory_is_let_go_with_each_row(connection):
    def factory(data):
        return data.decode().upper()

    connection.text_factory = factory
    cursor = connection.cursor()
    rows = "with recursive n(x) as (values (1) union all select x + 1 from n)"
    cursor.execute(f"{rows} select 'a' from n")
    fetch = cursor.fetchone
    before = sys.getrefcount(factory)
    for _ in range(ROUNDS):
        assert fetch() == ("A",)
    assert sys.getrefcount(factory) == before


def test_descriptions_are_let_go_when_columns_change(drop_in):
    cursor = drop_in.cursor()
    cursor.execute("create table t (a)")
    execute = cursor.execute
    text = "select * from t"
    execute(text)
    description = cursor.description
    execute("alter table t add column b")
    execute(text)
    # One is the name's, and one the argument's.
    assert sys.getrefcount(description) == 2


AT_EXIT = """
import sys
from onecross.sql import sqlite3

class Last:
    def __init__(self):
        self.cursor = sqlite3.connect(":memory:").cursor()
        self.cursor.connection.create_function("twice", 1, lambda value: 2 * value)
        self.error, self.write = sqlite3.OperationalError, sys.stdout.write

    def __del__(self):
        self.cursor.execute("select twice(21)")
        self.write(f"{self.cursor.fetchone()}\\n")
        try:
            self.cursor.execute("no statement")
        except self.error as error:
            self.write(f"{error}\\n")

last = Last()
sys.last_of_all = last
del last
"""


def test_they_may_be_called_while_the_interpreter_is_finalised():
    finished = subprocess.run(
        [sys.executable, "-c", AT_EXIT], capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines() == ["(42,)", 'near "no": syntax error']
    assert not finished.stderr
