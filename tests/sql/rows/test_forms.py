"""The forms of a result: what each is, and that rows are read once."""

import datetime
import gc
import json
import weakref
from decimal import Decimal

import pytest

import onecross
from onecross.sql import ProgrammingError

NAMES = ("number", "share", "name", "data", "sold", "day", "moment", "price", "extra")
FIRST = (
    1,
    2.5,
    "Ä",
    b"\x00\xff",
    True,
    datetime.date(2026, 11, 22),
    datetime.datetime(2026, 11, 22, 10, 11, 12, 500_000),
    Decimal("1.10"),
    {"k": [1]},
)
SECOND = (None,) * 9
NUMBERS = (
    "with recursive n(x) as (values (1) union all select x + 1 from n) select x from n limit ?"
)


@pytest.fixture
def rows(facts):
    return facts.query("select * from facts")


def test_they_are_of_one_class(rows):
    assert type(rows) is onecross.Rows
    assert rows.columns == NAMES


def test_they_become_tuples(rows):
    assert rows.tuples() == [FIRST, SECOND]


def test_they_become_dicts(rows):
    assert rows.dicts() == [
        dict(zip(NAMES, FIRST, strict=True)),
        dict(zip(NAMES, SECOND, strict=True)),
    ]


def test_they_are_iterated(rows):
    assert list(rows) == [FIRST, SECOND]


def test_decimal_numbers_keep_their_digits(rows):
    assert str(rows.tuples()[0][7]) == "1.10"


def test_they_become_json(facts):
    body = facts.query("select * from facts").json(blobs="base64")
    assert json.loads(body) == [
        {
            "number": 1,
            "share": 2.5,
            "name": "Ä",
            "data": "AP8=",
            "sold": True,
            "day": "2026-11-22",
            "moment": "2026-11-22T10:11:12.500000",
            "price": "1.10",
            "extra": {"k": [1]},
        },
        dict.fromkeys(NAMES),
    ]
    lines = facts.query("select * from facts").json_lines(blobs="base64")
    assert b"[" + lines.replace(b"\n", b",", 1).removesuffix(b"\n") + b"]" == body


def test_json_in_several_lines_stays_in_one(strict):
    strict.execute("create table t (x json)")
    strict.execute("insert into t values (?)", ['{\r\n "a": 1\n}'])
    lines = strict.query("select x from t").json_lines()
    assert lines.count(b"\n") == 1
    assert json.loads(lines) == {"x": {"a": 1}}


def test_no_rows_have_each_form(strict):
    strict.execute("create table t (a integer, b text)")

    def query():
        return strict.query("select * from t")

    assert query().tuples() == query().dicts() == list(query()) == []
    assert query().json() == b"[]"
    assert query().json_lines() == b""
    assert len(query().arrow()) == 0
    arrays = query().numpy()
    assert {name: (len(it), it.dtype.kind) for name, it in arrays.items()} == {
        "a": (0, "i"),
        "b": (0, "O"),
    }
    assert list(query().batches(10)) == []


def test_one_row_and_one_value(strict):
    assert strict.query("select 1, 'a'").one() == (1, "a")
    assert strict.query("select 42").scalar() == 42


@pytest.mark.parametrize(
    ("sql", "form", "told"),
    [
        ("select 1 where false", "one", "there is no row"),
        ("select 1 union select 2", "one", "more than one row"),
        ("select 1 union select 2", "scalar", "more than one row"),
        ("select 1, 2", "scalar", "there are 2"),
    ],
)
def test_one_is_neither_none_nor_more(strict, sql, form, told):
    with pytest.raises(ProgrammingError, match=told):
        getattr(strict.query(sql), form)()


def test_one_column(facts):
    assert facts.query("select number from facts").column("number").tolist() == [1, None]
    with pytest.raises(KeyError, match="there are number"):
        facts.query("select number from facts").column("share")


def test_a_column_that_is_not_there_takes_no_rows(facts):
    rows = facts.query("select number from facts")
    with pytest.raises(KeyError):
        rows.column("share")
    assert rows.tuples() == [(1,), (None,)]


def test_parts_have_each_form(strict):
    parts = list(strict.query(NUMBERS, [5]).batches(2))
    assert [part.columns for part in parts] == [("x",)] * 3
    assert [part.tuples() for part in parts] == [[(1,), (2,)], [(3,), (4,)], [(5,)]]
    json_of_parts = [part.json() for part in strict.query(NUMBERS, [3]).batches(2)]
    assert json_of_parts == [b'[{"x":1},{"x":2}]', b'[{"x":3}]']


def test_a_part_has_a_row():
    connection = onecross.sql.connect(":memory:")
    for size in (0, -1):
        with pytest.raises(ValueError, match="at least one row"):
            connection.query("select 1").batches(size)


def test_what_was_iterated_is_not_in_the_form_of_the_rest(strict):
    rows = strict.query(NUMBERS, [3000])
    assert next(rows) == (1,)
    assert next(rows) == (2,)
    assert rows.tuples() == [(number,) for number in range(3, 3001)]


FORMS = [
    "tuples",
    "dicts",
    "json",
    "json_lines",
    "numpy",
    "arrow",
    "__iter__",
    "__arrow_c_stream__",
]


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_read_once(strict, form):
    rows = strict.query("select 1 as x")
    rows.tuples()
    with pytest.raises(ProgrammingError, match="read already"):
        getattr(rows, form)()


def test_an_iteration_that_ended_stays_so(strict):
    rows = strict.query("select 1")
    iterator = iter(rows)
    assert list(iterator) == [(1,)]
    assert next(rows, "none") == "none"
    with pytest.raises(ProgrammingError, match="read already"):
        rows.tuples()


def test_rows_that_are_closed_give_no_more(strict):
    with strict.query(NUMBERS, [10]) as rows:
        assert next(rows) == (1,)
    assert next(rows, None) is None
    with pytest.raises(ProgrammingError, match="read already"):
        rows.dicts()


def test_a_table_for_notebooks_takes_no_row(facts):
    rows = facts.query("select name || '<&>' as name, number from facts")
    html = rows._repr_html_()
    assert html.startswith("<table><thead><tr><th>name</th><th>number</th></tr></thead>")
    assert "<td>Ä&lt;&amp;&gt;</td><td>1</td>" in html
    assert "<td>NULL</td>" in html
    assert "…" not in html
    assert rows.tuples() == [("Ä<&>", 1), (None, None)]


def test_a_table_for_notebooks_shows_numbers_in_short(strict):
    html = strict.query("select 1e300, 0.1, -5e-324, 2.0, 9e999, 7")._repr_html_()
    for text in ("1e+300", "0.1", "-5e-324", "2.0", "inf", "7"):
        assert f"<td>{text}</td>" in html


def test_a_table_for_notebooks_tells_that_there_are_more(strict):
    html = strict.query(NUMBERS, [11])._repr_html_()
    assert html.count("<tr>") == 11
    assert "…" in html


def test_two_columns_of_one_name_are_told_where_names_count(strict):
    sql = "select 1 as a, 2 as a"
    assert strict.query(sql).tuples() == [(1, 2)]
    for form in ("dicts", "json", "numpy"):
        with pytest.raises(ProgrammingError, match="two columns are named 'a'"):
            getattr(strict.query(sql), form)()


def test_a_query_is_run_when_its_first_row_is_asked_for(strict):
    called = []
    strict.create_function("note", 1, lambda value: called.append(value) or value)
    rows = strict.query("select note(?)", [7])
    assert rows.columns == ("note(?)",)
    assert rows.tuples() == [(7,)]
    assert called == [7]
    strict.query("select note(1)")
    assert called == [7]


def test_an_error_in_the_text_is_told_at_once(strict):
    with pytest.raises(onecross.sql.OperationalError, match="no such table"):
        strict.query("select * from nowhere")


def test_parameters_are_those_of_the_call(strict):
    parameters, named = [1], {"x": 1}
    by_place, by_name = strict.query("select ?", parameters), strict.query("select :x", named)
    parameters[0] = named["x"] = 2
    assert (by_place.scalar(), by_name.scalar()) == (1, 1)


def test_what_writes_is_run_at_once(strict):
    strict.execute("create table t (a integer, day date)")
    rows = strict.query("insert into t values (1, '2026-01-01'), (2, null) returning *")
    assert strict.execute("select count(*) from t").fetchone() == (2,)
    assert rows.tuples() == [(1, datetime.date(2026, 1, 1)), (2, None)]


def test_what_selects_nothing_has_no_rows(strict):
    with pytest.raises(ProgrammingError, match="selects nothing"):
        strict.query("create table t (a)").tuples()


def test_the_rows_of_a_cursor(connection):
    cursor = connection.execute("select 1 as a union all select 2 union all select 3")
    assert cursor.fetchone() == (1,)
    assert cursor.rows().dicts() == [{"a": 2}, {"a": 3}]
    assert cursor.fetchall() == []


def test_the_rows_of_a_cursor_have_declared_types(connection):
    connection.execute("create table t (day date)")
    connection.execute("insert into t values ('2026-11-22')")
    rows = connection.execute("select day from t").rows()
    assert rows.tuples() == [(datetime.date(2026, 11, 22),)]


def test_more_rows_than_are_read_at_once(strict):
    expected = [(number,) for number in range(1, 5001)]
    assert strict.query(NUMBERS, [5000]).tuples() == expected
    assert list(strict.query(NUMBERS, [5000])) == expected
    assert strict.query(NUMBERS, [5000]).numpy()["x"].tolist() == [it for (it,) in expected]


def test_a_class_stands_for_tuples_and_dicts(strict):
    assert strict.query("select 1 as a").to(tuple) == [(1,)]
    assert strict.query("select 1 as a").to(dict) == [{"a": 1}]


def test_columns_have_other_names_in_dicts(strict):
    def query(sql="select 1 as a, 2 as b union all select 3, null"):
        return strict.query(sql)

    assert query().to(dict, rename={"a": "x"}) == [{"x": 1, "b": 2}, {"x": 3, "b": None}]
    assert query().to(dict, rename={"a": "b", "b": "a"})[0] == {"b": 1, "a": 2}
    assert query().to(dict, rename={}) == query().dicts()
    with pytest.raises(onecross.errors.ShapeError, match="two columns are named 'b'"):
        query().to(dict, rename={"a": "b"})
    with pytest.raises(onecross.errors.ShapeError, match="rename names 'c'"):
        query().to(dict, rename={"c": "d"})


def test_an_error_comes_behind_the_rows_before_it(strict):
    def refuse(value):
        if value == 3:
            raise LookupError(value)
        return value

    strict.create_function("refuse", 1, refuse)
    rows = strict.query("select refuse(column1) from (values (1), (2), (3), (4))")
    assert [next(rows), next(rows)] == [(1,), (2,)]
    with pytest.raises(LookupError, match="3"):
        next(rows)
    assert next(rows, None) is None


def test_a_value_without_a_place_comes_behind_the_rows_before_it(strict):
    sql = "select column1 as a, column2 as b from (values ('x', 1), ('y', 2), ('z', 'no'))"
    parts = strict.query(sql, types={"b": int}).batches(10)
    assert next(parts).numpy()["a"].tolist() == ["x", "y"]
    with pytest.raises(onecross.sql.ColumnError) as caught:
        next(parts)
    assert (caught.value.column, caught.value.row) == ("b", 2)


def test_what_a_function_raised_is_told_before_a_value_without_a_place(strict):
    def text(value):
        raise LookupError(value)

    strict.create_function("text", 1, text)
    rows = strict.query("select 'x' as a union all select text(1)", types={"a": str})
    assert next(rows) == ("x",)
    with pytest.raises(LookupError):
        next(rows)
    assert strict.query("select 1").scalar() == 1


def test_rows_that_are_left_before_an_error_are_collected(strict):
    class Holder:
        pass

    def left():
        holder = Holder()

        def refuse(value):
            if value == 2:
                raise LookupError(holder)
            return value

        strict.create_function("refuse", 1, refuse)
        holder.rows = strict.query("select refuse(column1) from (values (1), (2))")
        assert next(holder.rows) == (1,)
        strict.create_function("refuse", 1, None)
        return weakref.ref(holder)

    holder = left()
    gc.collect()
    assert holder() is None
