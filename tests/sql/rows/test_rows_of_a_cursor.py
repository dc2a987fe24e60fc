"""Several rows of one cursor, and rows that others have outlived."""

import pytest

import onecross.sql
from onecross.sql import ProgrammingError

NUMBERS = (
    "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) select i from n"
)
RETURNING = "insert into item values (7), (8) returning a"


@pytest.fixture
def cursor(strict):
    strict.execute("create table item (a)")
    return strict.cursor()


@pytest.mark.parametrize("second", ["select 10 union select 20 union select 30", RETURNING])
@pytest.mark.parametrize("begin", [type, next, onecross.Rows._repr_html_])
def test_rows_that_are_gone_leave_the_next_statement_alone(cursor, begin, second):
    rows = cursor.execute("select 1 union select 2").rows()
    begin(rows)
    expected = cursor.execute(second).fetchall()
    cursor.execute(second)
    rows.close()
    assert cursor.fetchall() == expected
    rows = cursor.execute("select 1 union select 2").rows()
    with rows:
        begin(rows)
        cursor.execute(second)
    assert cursor.fetchall() == expected


def test_a_form_of_rows_that_are_gone_leaves_the_next_statement_alone(cursor):
    rows = cursor.execute("select 1 union select 2").rows()
    assert rows.columns == ("1",)
    cursor.execute("select 10 union select 20")
    with pytest.raises(ProgrammingError, match="these rows are gone"):
        rows.tuples()
    assert cursor.fetchall() == [(10,), (20,)]


@pytest.mark.parametrize("end", [onecross.Rows.close, onecross.Rows.__exit__])
def test_rows_that_others_closed_are_gone(cursor, end):
    first = cursor.execute(NUMBERS).rows()
    assert next(first) == (1,)
    end(cursor.rows())
    with pytest.raises(ProgrammingError, match="these rows are gone"):
        first.tuples()
    assert cursor.fetchall() == []


def test_rows_are_gone_where_the_cursor_went_on(cursor):
    rows = cursor.execute(NUMBERS).rows()
    next(rows)
    cursor.nextset()
    with pytest.raises(ProgrammingError, match="these rows are gone"):
        rows.tuples()


def test_fetched_rows_that_others_closed_are_gone(cursor):
    first, second = cursor.execute(RETURNING).rows(), cursor.rows()
    second.close()
    with pytest.raises(ProgrammingError, match="these rows are gone"):
        first.tuples()


def test_rows_that_were_read_to_the_end_are_closed_without_a_loss(cursor):
    with cursor.execute("select 1").rows() as rows:
        assert rows.tuples() == [(1,)]
    assert cursor.rows().tuples() == []


def test_rows_of_which_a_form_failed_are_closed_for_all(cursor):
    first, second = cursor.execute(NUMBERS).rows(types={"i": "DATE"}), cursor.rows()
    next(second)
    with pytest.raises(onecross.sql.ColumnError):
        first.tuples()
    with pytest.raises(ProgrammingError, match="these rows are gone"):
        second.tuples()


def test_fetched_rows_of_which_a_form_failed_are_closed_for_all(cursor):
    cursor.execute("insert into item values ('x'), ('y') returning a")
    first, second = cursor.rows(types={"a": "DATE"}), cursor.rows()
    with pytest.raises(onecross.sql.ColumnError):
        first.tuples()
    with pytest.raises(ProgrammingError, match="these rows are gone"):
        second.tuples()
    assert cursor.fetchall() == []


def test_rows_that_were_closed_before_they_were_read(strict):
    rows = strict.query("select 1 as a")
    rows.close()
    with pytest.raises(ProgrammingError, match="closed before"):
        _ = rows.columns
    with pytest.raises(ProgrammingError, match="closed before"):
        rows._repr_html_()
    with pytest.raises(ProgrammingError, match="read already"):
        rows.tuples()
