"""A statement from the cache answers as one prepared anew, whatever it was run with before."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onecross.sql
import onecross.sql.sqlite3

CASES = settings(max_examples=60)
FACES = [onecross.sql, onecross.sql.sqlite3]

TEXTS = [
    "select ?1, typeof(?1), ?2, typeof(?2)",
    "select ?, typeof(?)",
    "select :first, :second, typeof(:first)",
    "select id, value, typeof(value) from item where value is ? or id = ?",
    "select id, value from item where id > ? order by id limit coalesce(?, -1) % 7",
    "select ? union all select ? union all select id from item",
]
# A text that is equal to one above, and another object.
TEXTS += ["".join(list(text)) for text in TEXTS]

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text("abc", max_size=300),
    st.binary(max_size=300),
    st.binary(max_size=10).map(bytearray),
    st.binary(max_size=10).map(memoryview),
)
# Which cursor, what it does, and with what.
STEPS = st.tuples(
    st.integers(0, 3),
    st.sampled_from(["execute", "execute", "fetchone", "fetchall", "new", "close"]),
    st.sampled_from(TEXTS),
    st.tuples(VALUES, VALUES),
    st.sampled_from([tuple, list, "mapping"]),
)


def run(connection, steps):
    """Yield what each step answered."""
    cursors = {}
    for name, action, text, values, form in steps:
        cursor = cursors.setdefault(name, connection.cursor())
        if action == "execute":
            if ":first" in text:
                given = {"first": values[0], "second": values[1]}
            else:
                given = tuple(values) if form == "mapping" else form(values)
            yield cursor.execute(text, given).fetchone()
        elif action == "new":
            cursors[name] = connection.cursor()
        elif action == "close":
            cursors.pop(name).close()
        elif cursor.description is not None:
            yield getattr(cursor, action)()


def fill(connection):
    cursor = connection.cursor()
    cursor.execute("create table item (id integer primary key, value)")
    rows = [(None, 1), (None, "abc"), (None, 2.5), (None, None), (None, b"abc")]
    cursor.executemany("insert into item values (?, ?)", rows)
    connection.commit()
    return connection


# CPython 3.12 says of `?1` that it is a name.
@pytest.mark.filterwarnings("ignore:Binding:DeprecationWarning")
@CASES
@pytest.mark.parametrize("module", FACES, ids=lambda module: module.__name__)
@given(steps=st.lists(STEPS, max_size=40), cached=st.sampled_from([1, 2, 128]))
def test_cached_statements_answer_as_those_of_sqlite3_without_a_cache(module, steps, cached):
    options = {"cached_statements": cached} if module is onecross.sql.sqlite3 else {}
    with (
        closing(fill(module.connect(":memory:", **options))) as connection,
        closing(fill(sqlite3.connect(":memory:", cached_statements=0))) as reference,
    ):
        assert list(run(connection, steps)) == list(run(reference, steps))


class Nested:
    """A parameter that has something run while it is bound."""

    def __init__(self, value, run):
        self.value, self.run = value, run

    def __conform__(self, protocol):
        self.run()
        return self.value


ATOMS = st.one_of(st.integers(-5, 5), st.text("abc", max_size=3), st.floats(-5, 5))


@CASES
@pytest.mark.parametrize("module", FACES, ids=lambda module: module.__name__)
@given(
    text=st.sampled_from(["select ?, ?", "select ?, ? union all select 5, 5"]),
    rows=st.lists(st.tuples(ATOMS, ATOMS), min_size=1, max_size=6),
)
def test_a_statement_that_is_run_while_it_is_bound_answers_each_time(module, text, rows):
    with closing(module.connect(":memory:")) as connection:
        answers = []

        def run(rows):
            (first, second), *inner = rows
            if inner:
                first = Nested(first, lambda: run(inner))
            answers.append(connection.execute(text, (first, second)).fetchone())

        for _ in range(3):
            run(rows)
        assert answers == 3 * rows[::-1]
