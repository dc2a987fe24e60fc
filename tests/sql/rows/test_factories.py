"""Rows are what a database has: what makes other objects of its values is not asked."""

import pytest

import onecross.sql
import onecross.sql.sqlite3 as sqlite3


@pytest.fixture
def texts(strict):
    strict.execute("create table t (a text)")
    return strict


def refuse(*arguments):
    raise AssertionError(arguments)


@pytest.mark.parametrize("factory", [bytes, bytearray, refuse])
@pytest.mark.parametrize("sql", ["select 'x' as a", "insert into t values ('x') returning a"])
def test_a_text_factory_is_not_asked(texts, factory, sql):
    texts.text_factory = factory
    assert texts.query(sql).tuples() == [("x",)]
    assert texts.query(sql).json() == b'[{"a":"x"}]'


@pytest.mark.parametrize(
    "sql",
    ["select {} as a", "insert into t values ({}) returning a", "update t set a = {} returning a"],
)
def test_texts_that_are_not_utf8(texts, sql):
    texts.execute("insert into t values (1)")
    sql = sql.format("cast(x'ff' as text)")
    assert set(texts.query(sql, types={"a": "BLOB"}).tuples()) == {(b"\xff",)}
    with pytest.raises(onecross.sql.ColumnError, match="is not UTF-8"):
        texts.query(sql).tuples()


def test_what_writes_has_run_to_its_end(texts, tmp_path):
    rows = texts.query("insert into t values ('x'), ('y'), (cast(x'ff' as text)) returning a")
    texts.commit()
    assert texts.execute("select count(*) from t").fetchone() == (3,)
    assert [next(rows), next(rows)] == [("x",), ("y",)]
    with pytest.raises(onecross.sql.ColumnError):
        next(rows)
    assert texts.execute("select count(*) from t").fetchone() == (3,)


def test_what_is_written_stays_though_a_value_has_no_place(tmp_path):
    with onecross.sql.connect(tmp_path / "test.db") as connection:
        connection.execute("create table t (a text)")
        rows = connection.query(
            "insert into t values ('2026-11-22'), ('soon'), ('x') returning a", types={"a": "DATE"}
        )
        assert next(rows)[0].year == 2026
        with pytest.raises(onecross.sql.ColumnError, match="row 1: 'soon'"):
            rows.tuples()
    with onecross.sql.connect(tmp_path / "test.db") as connection:
        assert connection.query("select count(*) from t").scalar() == 3


def test_what_stops_a_statement_that_writes_is_told_at_once(texts):
    def check(value):
        if value == "y":
            raise LookupError(value)
        return value

    texts.create_function("checked", 1, check)
    with pytest.raises(LookupError):
        texts.query("insert into t values ('x'), ('y') returning checked(a) as a")


def test_types_for_no_column_of_what_writes(texts):
    rows = texts.query("insert into t values ('x') returning a", types={"b": "TEXT"})
    for _ in range(2):
        with pytest.raises(onecross.sql.ProgrammingError, match="a column 'b'"):
            rows.tuples()
    assert texts.query("select count(*) from t").scalar() == 1


def test_neither_converters_nor_factories_are_asked():
    connection = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES)
    sqlite3.register_converter("shout", refuse)
    connection.row_factory = refuse
    connection.text_factory = refuse
    connection.execute("create table t (a shout)")
    connection.execute("insert into t values ('x')")
    for sql in ("select a from t", "insert into t values ('x') returning a"):
        assert connection.query(sql).tuples() == [("x",)]
        assert connection.execute(sql).rows().tuples() == [("x",)]
    connection.close()
