"""Statements that are prepared once to be run many times, and rows that statements return."""

import gc
import weakref
from contextlib import closing

import pytest

import onecross.sql as sql


@pytest.fixture
def people(connection):
    connection.execute("create table people (id integer primary key, name text)")
    connection.executemany("insert into people (name) values (?)", [("Ada",), ("Grace",)])
    connection.commit()
    return connection


def test_a_statement_is_run_many_times(people):
    find = people.prepare("select name from people where id = ?")
    assert [find(key).fetchone() for key in (1, 2, 3)] == [("Ada",), ("Grace",), None]
    assert find.execute([2]).fetchall() == [("Grace",)]
    assert find.sql == "select name from people where id = ?"
    assert find.is_read_only


def test_the_results_of_two_runs_are_read_beside_each_other(people):
    find = people.prepare("select id from people where id >= ? order by id")
    one, other = find(1), find(2)
    assert type(one) is sql.Cursor
    assert (next(one), next(other), next(one), next(other, None)) == ((1,), (2,), (2,), None)


def test_parameters_are_given_by_place_or_by_name(people):
    find = people.prepare("select name from people where id = :id")
    assert find(id=1).fetchone() == ("Ada",)
    assert find.execute({"id": 2}).fetchone() == ("Grace",)
    with pytest.raises(TypeError, match="not by both"):
        find(1, id=1)
    with pytest.raises(sql.ProgrammingError, match="has a name"):
        find(1)


def test_a_statement_writes_within_transactions(people):
    add = people.prepare("insert into people (name) values (?) returning id")
    assert not add.is_read_only
    with people:
        assert add("Alan").fetchone() == (3,)
    people.execute("delete from people where id = 3")
    people.commit()
    cursor = add.executemany([("Alan",), ("Edsger",)])
    assert cursor.fetchall() == [(3,), (4,)]
    assert people.in_transaction


def test_a_statement_that_is_kept_ready_is_not_crowded_out():
    ready = "select count(*) from sqlite_stmt where sql = 'select 1'"
    with closing(sql.connect(":memory:", cached_statements=2)) as connection:
        one = connection.prepare("select 1")
        for number in range(5):
            connection.execute(f"select {number}, 2").fetchall()
        assert connection.execute(ready).fetchone() == (1,)
        assert one().fetchone() == (1,)
        one.close()
        for number in range(5):
            connection.execute(f"select {number}, 2").fetchall()
        assert connection.execute(ready).fetchone() == (0,)


def test_a_closed_statement_is_of_no_use(people):
    with people.prepare("select 1") as statement:
        cursor = statement()
    statement.close()
    assert cursor.fetchone() == (1,)
    for run in (statement, statement.execute, lambda: statement.executemany([])):
        with pytest.raises(sql.ProgrammingError, match="closed statement"):
            run()


def test_a_statement_is_of_no_use_without_its_connection(people):
    statement = people.prepare("select 1")
    people.close()
    with pytest.raises(sql.ProgrammingError, match="closed database"):
        statement()
    statement.close()


@pytest.mark.parametrize("text", ["", " -- nothing", ";"])
def test_a_statement_has_a_text(connection, text):
    with pytest.raises(sql.ProgrammingError, match="no statement"):
        connection.prepare(text)


def test_an_error_in_the_text_is_told_at_once(connection):
    with pytest.raises(sql.OperationalError, match="no such table"):
        connection.prepare("select * from missing")
    with pytest.raises(TypeError, match="must be str"):
        connection.prepare(7)


def test_a_statement_keeps_its_connection_and_no_circle(connection):
    connection = sql.connect(":memory:")
    statement = connection.prepare("select 1")
    gone = weakref.ref(connection)
    del connection
    assert statement().fetchone() == (1,)
    del statement
    gc.collect()
    assert gone() is None


def test_rows_of_all_sets_are_returned(people):
    cursor = people.executemany(
        "insert into people (name) values (?) returning id, name", [("Alan",), ("Edsger",)]
    )
    assert [column[0] for column in cursor.description] == ["id", "name"]
    assert cursor.rowcount == 2
    assert cursor.fetchone() == (3, "Alan")
    assert cursor.rownumber == 1
    assert cursor.fetchall() == [(4, "Edsger")]


def test_rows_of_no_set_are_a_result(people):
    cursor = people.executemany("insert into people (name) values (?) returning id", [])
    assert cursor.fetchall() == []


def test_rows_are_those_of_the_last_statement(people):
    cursor = people.cursor()
    cursor.execute("update people set name = upper(name) returning name")
    assert cursor.rowcount == 2
    cursor.execute("select 7")
    assert cursor.fetchall() == [(7,)]
    cursor.execute("delete from people returning id")
    cursor.close()
    assert people.execute("select count(*) from people").fetchone() == (0,)


def test_a_row_factory_makes_rows_that_were_returned(people):
    people.row_factory = lambda cursor, row: dict(
        zip([column[0] for column in cursor.description], row, strict=True)
    )
    cursor = people.execute("delete from people returning id")
    assert cursor.fetchall() == [{"id": 1}, {"id": 2}]


def test_many_sets_of_a_select_are_refused(people):
    with pytest.raises(sql.ProgrammingError, match="executemany"):
        people.executemany("select ?", [(1,)])


def test_a_script_is_a_part_of_the_transaction(people):
    people.executescript("insert into people values (7, 'x'); select * from people;")
    assert people.in_transaction
    people.rollback()
    assert people.execute("select count(*) from people").fetchone() == (2,)
    people.executescript("begin; insert into people values (7, 'x'); commit;")
    assert not people.in_transaction
