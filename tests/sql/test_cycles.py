"""Cycles through what a statement holds, which the collector must find."""

import gc
import weakref

import pytest

from onecross.sql import sqlite3


class Parameter(str):
    """A text that can hold what it is bound to."""


class Adapted:
    def __init__(self, value):
        self.value = value

    def __conform__(self, protocol):
        return self.value


def is_collected(reference):
    gc.collect()
    return reference() is None


def test_an_unfinished_cursor_is_collected_with_its_parameters(connection):
    parameter = Parameter("a")
    parameter.cursor = connection.execute("select ? union all select 'b'", (parameter,))
    cursor = weakref.ref(parameter.cursor)
    del parameter
    assert is_collected(cursor)


def test_and_with_what_stands_for_its_parameters(connection):
    parameter = Parameter("a")
    parameter.cursor = connection.execute("select ? union all select 'b'", (Adapted(parameter),))
    cursor = weakref.ref(parameter.cursor)
    del parameter
    assert is_collected(cursor)


def connection_in_a_cycle(select, get_held):
    """A connection that a converter of its statement holds, which is registered no more."""

    def convert(value):
        return value

    sqlite3.register_converter("cyclic", convert)
    connection = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_COLNAMES)
    cursor = connection.execute(select)
    assert cursor.fetchone() == (b"1",)
    del sqlite3.converters["CYCLIC"]
    convert.held = get_held(cursor)
    return weakref.ref(connection)


@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
def test_a_connection_is_collected_with_the_converters_of_its_statements():
    one = "select 1 as 'x [cyclic]'"
    unfinished = connection_in_a_cycle(f"{one} union all {one}", lambda cursor: cursor)
    assert is_collected(unfinished)
    kept_for_the_next_time = connection_in_a_cycle(one, lambda cursor: cursor.connection)
    assert is_collected(kept_for_the_next_time)
