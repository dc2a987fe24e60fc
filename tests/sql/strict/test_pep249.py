"""PEP 249 in the strict face, where dbapi20 does not look."""

import datetime
import time

import pytest

import onecross.sql as sql


@pytest.fixture
def cursor(connection):
    return connection.cursor()


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("varchar(20)", sql.STRING),
        ("TEXT", sql.STRING),
        ("clob", sql.STRING),
        ("integer", sql.NUMBER),
        ("decimal(10, 2)", sql.NUMBER),
        ("double precision", sql.NUMBER),
        ("boolean", sql.NUMBER),
        ("timestamp", sql.DATETIME),
        ("Date", sql.DATETIME),
        ("blob", sql.BINARY),
        ("varbinary(3)", sql.BINARY),
        ("rowid", sql.ROWID),
    ],
)
def test_the_type_code_is_the_declared_type_and_equals_one_type_object(cursor, declared, kind):
    cursor.execute(f"create table t (c {declared})")
    ((name, code, *rest),) = cursor.execute("select c from t").description
    assert (name, rest) == ("c", [None] * 5)
    assert code.lower() == declared.lower()
    kinds = [sql.STRING, sql.BINARY, sql.NUMBER, sql.DATETIME, sql.ROWID]
    assert [candidate for candidate in kinds if candidate == code] == [kind]


def test_an_expression_has_no_type(cursor):
    assert cursor.execute("select 1 + 1 as two").description[0][:2] == ("two", None)
    assert None not in [sql.STRING, sql.NUMBER]


def test_a_description_follows_the_schema(cursor):
    cursor.execute("create table t (a int)")
    assert len(cursor.execute("select * from t").description) == 1
    cursor.execute("alter table t add b text")
    assert [column[:2] for column in cursor.execute("select * from t").description] == [
        ("a", "INT"),
        ("b", "TEXT"),
    ]


def test_a_type_object_says_what_it_is_and_can_be_a_key():
    assert repr(sql.STRING) == "onecross.sql.STRING"
    assert {sql.STRING: "text"}[sql.STRING] == "text"


def test_constructors_make_what_can_be_stored(cursor):
    ticks = 1_700_000_000.25
    local = datetime.datetime(*time.localtime(ticks)[:6])
    assert sql.DateFromTicks(ticks) == local.date()
    assert sql.TimeFromTicks(ticks) == local.time().replace(microsecond=250_000)
    assert sql.TimestampFromTicks(ticks) == local.replace(microsecond=250_000)
    made = [sql.Date(2026, 1, 2), sql.Time(3, 4, 5), sql.Timestamp(2026, 1, 2, 3, 4, 5)]
    cursor.execute("select ?, ?, ?, ?", [*made, sql.Binary(bytearray(b"\0\xff"))])
    assert cursor.fetchone() == ("2026-01-02", "03:04:05", "2026-01-02 03:04:05", b"\0\xff")


def test_binary_takes_bytes_only():
    with pytest.raises(TypeError):
        sql.Binary("text")


@pytest.mark.parametrize("fetch", ["fetchone", "fetchmany", "fetchall", "__next__", "nextset"])
@pytest.mark.parametrize(
    "statement", [None, "create table t (a)", "-- nothing", "pragma cache_spill = 1"]
)
def test_nothing_is_fetched_where_nothing_was_selected(cursor, fetch, statement):
    if statement is not None:
        cursor.execute(statement)
    assert cursor.description is None
    assert cursor.rownumber is None
    with pytest.raises(sql.ProgrammingError, match="selected nothing"):
        getattr(cursor, fetch)()


def test_an_empty_result_is_a_result(cursor):
    cursor.execute("select 1 where 0")
    assert cursor.fetchone() is None
    assert cursor.fetchall() == cursor.fetchmany(3) == list(cursor) == []
    assert cursor.rownumber == 0


def test_rownumber_is_the_place_of_the_next_row(cursor):
    cursor.execute("values (1), (2), (3), (4), (5)")
    assert cursor.rownumber == 0
    cursor.fetchone()
    assert cursor.rownumber == 1
    cursor.fetchmany(2)
    assert cursor.rownumber == 3
    next(cursor)
    cursor.fetchall()
    assert cursor.rownumber == 5
    cursor.execute("select 1")
    assert cursor.rownumber == 0


def test_rowcount_and_lastrowid_are_of_the_last_statement(cursor):
    cursor.execute("create table t (a integer primary key, b)")
    assert (cursor.rowcount, cursor.lastrowid) == (-1, None)
    cursor.execute("insert into t (b) values (1), (2), (3)")
    assert (cursor.rowcount, cursor.lastrowid) == (3, 3)
    cursor.execute("with n as (select 4) insert into t (b) select * from n")
    assert (cursor.rowcount, cursor.lastrowid) == (1, 4)
    cursor.execute("update t set b = 0 where a > 2")
    assert (cursor.rowcount, cursor.lastrowid) == (2, None)
    cursor.execute("select * from t")
    assert (cursor.rowcount, cursor.lastrowid) == (-1, None)
    cursor.execute("with n as (select 1) select * from n")
    assert (cursor.rowcount, cursor.lastrowid) == (-1, None)


def test_a_statement_has_one_result(cursor):
    cursor.execute("values (1), (2)")
    assert cursor.fetchone() == (1,)
    assert cursor.nextset() is None
    assert cursor.fetchall() == []


def test_a_cursor_knows_its_connection(connection, cursor):
    assert cursor.connection is connection
    assert type(cursor) is sql.Cursor
    assert cursor.messages == connection.messages == []


def test_errors_are_attributes_of_the_connection(connection):
    with pytest.raises(connection.ProgrammingError):
        connection.execute("select ?")
    with pytest.raises(connection.OperationalError):
        connection.execute("select * from missing")


def test_a_closed_connection_is_of_no_use(connection):
    cursor = connection.cursor()
    connection.execute("create table t (a)")
    connection.close()
    for use in (
        connection.close,
        connection.commit,
        connection.rollback,
        connection.cursor,
        connection.__enter__,
        cursor.close,
        cursor.fetchone,
        lambda: cursor.execute("select 1"),
        lambda: connection.execute("select 1"),
        lambda: connection.in_transaction,
        lambda: connection.prepare("select 1"),
    ):
        with pytest.raises(sql.ProgrammingError, match="closed"):
            use()
    sql.connect(":memory:").close()


def test_a_cursor_is_closed_where_its_block_is_left(connection):
    with connection.cursor() as cursor:
        cursor.execute("values (1), (2)")
        cursor.fetchone()
    with pytest.raises(sql.ProgrammingError, match="closed cursor"):
        cursor.fetchone()
    with pytest.raises(sql.ProgrammingError, match="closed cursor"), cursor:
        pass


def test_a_cursor_may_be_closed_within_its_block(connection):
    with connection.cursor() as cursor:
        cursor.close()
    with connection.cursor():
        connection.close()


def test_a_subclass_of_a_cursor_is_made_by_a_factory(connection):
    class Titled(sql.Cursor):
        def titles(self):
            return [column[0] for column in self.description]

    assert connection.cursor(Titled).execute("select 1 as one").titles() == ["one"]


def test_the_module_says_what_it_is():
    assert (sql.apilevel, sql.threadsafety, sql.paramstyle) == ("2.0", 3, "qmark")
    assert set(sql.__all__) <= set(dir(sql))
