"""Errors carry the statement and the place in it, and show it."""

import pytest

import onecross.sql as sql


def failed(connection, text, run=None):
    with pytest.raises(sql.Error) as caught:
        (run or connection.execute)(text)
    return caught.value


def test_the_place_is_shown(connection):
    error = failed(connection, "select *\nform t")
    assert error.sqlite_errorname == "SQLITE_ERROR"
    assert error.sqlite_errorcode == 1
    assert error.sql == "select *\nform t"
    assert error.offset == 9
    assert str(error) == ('near "form": syntax error\n  line 2, column 1:\n    form t\n    ^')


def test_the_place_is_counted_in_characters(connection):
    error = failed(connection, "select 'größer',\twidht")
    assert str(error).splitlines() == [
        "no such column: widht",
        "  line 1, column 18:",
        "    select 'größer',\twidht",
        "                    \t^",
    ]
    assert error.sql[error.offset :] == "widht"


def test_long_lines_are_shown_in_part(connection):
    error = failed(connection, "select " + "1, " * 100 + "nothing" + ", 2" * 100)
    _, place, line, mark = str(error).splitlines()
    assert place == "  line 1, column 308:"
    assert line.startswith("    ...")
    assert len(line) == 4 + 3 + 120
    assert line[mark.index("^") :].startswith("nothing")


def test_the_place_in_a_script_is_counted_from_its_beginning(connection):
    script = "create table t (a);\n\ninsert into t values (1);\nselekt 1;"
    error = failed(connection, script, connection.executescript)
    assert (error.sql, error.offset) == (script, script.index("selekt"))
    assert "line 4, column 1:" in str(error)


def test_prepared_statements_show_it_too(connection):
    error = failed(connection, "select 1 +* 2", connection.prepare)
    assert error.offset == 10


def test_an_error_without_a_place_carries_the_statement(connection):
    connection.execute("create table t (a unique)")
    connection.execute("insert into t values (1)")
    error = failed(connection, "insert into t values (1)")
    assert str(error) == "UNIQUE constraint failed: t.a"
    assert error.sql == "insert into t values (1)"
    assert error.offset is None
    assert error.sqlite_errorname == "SQLITE_CONSTRAINT_UNIQUE"
    assert type(error) is sql.IntegrityError


def test_a_text_that_ends_too_soon(connection):
    error = failed(connection, "select (1")
    assert str(error) == "incomplete input"


def test_the_drop_in_keeps_to_the_messages_of_sqlite3(drop_in):
    error = failed(drop_in, "select *\nform t")
    assert str(error) == 'near "form": syntax error'
    assert (error.sql, error.offset) == ("select *\nform t", 9)


def test_each_class_has_a_code_of_its_own():
    from onecross.sql import errors

    classes = [getattr(errors, name) for name in errors.__all__]
    assert len({kind.code for kind in classes}) == len(classes)
