"""Functions, collations, handlers and hooks in Python: what they are given, and what they do."""

import pytest

import onecross.sql.sqlite3 as sqlite3

# A hundred thousand operations, give or take.
LONG = """
    with recursive c (x) as (values (1) union all select x + 1 from c limit 3000)
    select max(x) from c
"""
ROWS = "select * from (values (1), (2), (3), (4))"


class Summing:
    """Sums integers."""

    def __init__(self):
        self.total = 0

    def step(self, number):
        self.total += number

    def inverse(self, number):
        self.total -= number

    def value(self):
        return self.total

    finalize = value


def rows(connection, text, *parameters):
    return connection.execute(text, parameters).fetchall()


def one(connection, text, *parameters):
    [[value]] = rows(connection, text, *parameters)
    return value


@pytest.mark.parametrize(
    "value",
    [None, 0, -(2**63), 2**63 - 1, 2.5, float("inf"), "", "grün 🌻", "a\0b", b"", b"\xff\0"],
    ids=repr,
)
def test_values_pass_through_a_function_as_they_are(connection, value):
    given = []
    connection.create_function("same", 1, lambda value: given.append(value) or value)
    answer = one(connection, "select same(?)", value)
    assert (given, answer) == ([value], value)
    assert type(given[0]) is type(answer) is type(value)


def test_a_function_answers_with_what_is_like_a_value(connection):
    answers = iter([True, bytearray(b"x"), memoryview(b"yz"), float("nan")])
    connection.create_function("next", 0, lambda: next(answers))
    assert [one(connection, "select next()") for _ in range(4)] == [1, b"x", b"yz", None]


def test_a_function_takes_as_many_arguments_as_it_says(connection):
    connection.create_function("count_of", -1, lambda *values: len(values))
    connection.create_function("two", 2, lambda left, right: right)
    many = ", ".join("?" * 100)
    assert one(connection, "select count_of()") == 0
    assert one(connection, f"select count_of({many})", *range(100)) == 100
    assert one(connection, "select two(1, 2)") == 2
    with pytest.raises(sqlite3.OperationalError, match="wrong number of arguments"):
        connection.execute("select two(1)")


def test_only_a_deterministic_function_is_taken_into_an_index(connection):
    connection.execute("create table t (x)")
    connection.create_function("fixed", 1, str)
    with pytest.raises(sqlite3.OperationalError, match="non-deterministic"):
        connection.execute("create index i on t (fixed(x))")
    connection.create_function("fixed", 1, str, deterministic=True)
    connection.execute("create index i on t (fixed(x))")


def test_a_function_is_replaced_and_removed(connection):
    connection.create_function("f", 0, lambda: "old")
    connection.create_function("f", 1, lambda _: "of one argument")
    assert one(connection, "select f()") == "old"
    connection.create_function("f", 0, lambda: "new")
    assert one(connection, "select f()") == "new"
    connection.create_function("f", 0, None)
    with pytest.raises(sqlite3.OperationalError, match="wrong number of arguments"):
        connection.execute("select f()")
    connection.create_aggregate("f", 1, None)
    with pytest.raises(sqlite3.OperationalError, match="no such function: f"):
        connection.execute("select f(1)")


def test_aggregates_have_an_instance_for_each_group(connection):
    connection.create_aggregate("total_of", 1, Summing)
    query = "select column1 % 2, total_of(column1) from (values (1), (2), (3), (4)) group by 1"
    assert rows(connection, query) == [(0, 6), (1, 4)]
    assert one(connection, f"select total_of(column1) from ({ROWS}) where 0") is None


def test_windows_move_over_the_rows(connection):
    connection.create_window_function("total_of", 1, Summing)
    over = "select total_of(column1) over (order by column1 rows between {}) from ({})"
    around = over.format("1 preceding and 1 following", ROWS)
    assert rows(connection, around) == [(3,), (6,), (9,), (7,)]
    # The standard library's crashes: the first window is empty.
    before = over.format("2 preceding and 1 preceding", ROWS)
    assert rows(connection, before) == [(0,), (1,), (3,), (5,)]
    assert one(connection, f"select total_of(column1) from ({ROWS})") == 10


def test_a_collation_orders_texts(connection):
    compared = []

    def backwards(left, right):
        compared.append((left, right))
        return (right > left) - (right < left)

    connection.create_collation("backwards", backwards)
    query = "select * from (values ('a'), ('ü'), ('b')) order by 1 collate backwards"
    assert rows(connection, query) == [("ü",), ("b",), ("a",)]
    assert compared
    connection.create_collation("backwards", None)
    with pytest.raises(sqlite3.OperationalError, match="no such collation sequence"):
        connection.execute(query)


def test_a_collation_answers_with_any_integer(connection):
    class Integer:
        def __init__(self, value):
            self.value = value

        def __index__(self):
            return self.value

    connection.create_collation("wide", lambda left, right: (ord(right) - ord(left)) * 2**80)
    connection.create_collation("like", lambda left, right: Integer(ord(right) - ord(left)))
    for name in ("wide", "like"):
        query = f"select * from (values ('a'), ('c'), ('b')) order by 1 collate {name}"
        assert rows(connection, query) == [("c",), ("b",), ("a",)]


def test_an_authorizer_is_told_of_each_thing_and_allows_it_or_not(connection):
    connection.execute("create table t (a, b)")
    connection.execute("insert into t values (1, 2)")
    connection.commit()
    asked = []

    def authorize(action, first, second, database, source):
        asked.append((action, first, second, database, source))
        if (action, second) == (sqlite3.SQLITE_READ, "b"):
            return sqlite3.SQLITE_IGNORE
        return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_DELETE else sqlite3.SQLITE_OK

    connection.set_authorizer(authorize)
    assert rows(connection, "select a, b from t") == [(1, None)]
    assert asked == [
        (sqlite3.SQLITE_SELECT, None, None, None, None),
        (sqlite3.SQLITE_READ, "t", "a", "main", None),
        (sqlite3.SQLITE_READ, "t", "b", "main", None),
    ]
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        connection.execute("delete from t")
    connection.set_authorizer(None)
    assert rows(connection, "select a, b from t") == [(1, 2)]


def test_an_authorizer_is_asked_about_statements_that_were_prepared_before(connection):
    assert one(connection, "select 1") == 1
    connection.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        connection.execute("select 1")


@pytest.mark.parametrize("interval", [1, 7, 999, 1000, 1001, 5000])
def test_a_progress_handler_is_called_every_so_many_operations(connection, interval):
    called = []
    connection.set_progress_handler(lambda: called.append(1), 1)
    one(connection, LONG)
    operations = len(called)
    called.clear()
    connection.set_progress_handler(lambda: called.append(1), interval)
    one(connection, LONG)
    expected = operations / interval
    assert 0.9 * expected - 1 <= len(called) <= 1.1 * expected + 2
    called.clear()
    connection.set_progress_handler(None, interval)
    one(connection, LONG)
    assert not called


def test_a_progress_handler_ends_the_statement(connection):
    connection.set_progress_handler(lambda: True, 1)
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        connection.execute("select 1")
    for disabled in (0, -1):
        connection.set_progress_handler(lambda: True, disabled)
        assert one(connection, "select 1") == 1


def test_statements_are_traced_with_their_values(connection):
    traced = []
    connection.execute("create table t (x)")
    connection.commit()
    connection.set_trace_callback(traced.append)
    connection.executemany("insert into t values (?)", [("grün",), (b"\xff",)])
    connection.commit()
    connection.set_trace_callback(None)
    connection.execute("select 1")
    assert [text for text in traced if "insert" in text] == [
        "insert into t values ('grün')",
        "insert into t values (x'ff')",
    ]
    assert (traced[0][:5], traced[-1]) == ("BEGIN", "COMMIT")


def test_hooks_are_told_of_rows_and_of_transactions(connection):
    told = []
    connection.execute("create table t (x)")
    connection.commit()
    connection.set_update_hook(lambda *change: told.append(change))
    connection.set_commit_hook(lambda: told.append("commit"))
    connection.set_rollback_hook(lambda: told.append("rollback"))
    connection.execute("insert into t values (7)")
    connection.execute("update t set x = 8")
    connection.commit()
    connection.execute("delete from t where x = 8 and 1")
    connection.rollback()
    assert told == [
        ("INSERT", "main", "t", 1),
        ("UPDATE", "main", "t", 1),
        "commit",
        ("DELETE", "main", "t", 1),
        "rollback",
    ]
    told.clear()
    for unset in (connection.set_update_hook, connection.set_commit_hook):
        unset(None)
    connection.set_rollback_hook(None)
    connection.execute("delete from t")
    connection.commit()
    assert not told


def test_a_commit_hook_that_answers_true_has_the_transaction_rolled_back(connection):
    connection.execute("create table t (x)")
    connection.commit()
    connection.set_commit_hook(lambda: True)
    connection.execute("insert into t values (1)")
    with pytest.raises(sqlite3.IntegrityError):
        connection.commit()
    assert one(connection, "select count(*) from t") == 0


def test_a_closed_connection_takes_no_callback(connection):
    connection.close()
    for call in (
        lambda: connection.create_function("f", 0, len),
        lambda: connection.create_aggregate("f", 0, list),
        lambda: connection.create_window_function("f", 0, list),
        lambda: connection.create_collation("f", None),
        lambda: connection.set_authorizer(None),
        lambda: connection.set_progress_handler(None, 1),
        lambda: connection.set_trace_callback(None),
        lambda: connection.set_commit_hook(None),
        lambda: connection.set_rollback_hook(None),
        lambda: connection.set_update_hook(None),
    ):
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            call()


@pytest.mark.parametrize(
    "method", ["create_function", "create_aggregate", "create_window_function"]
)
def test_names_and_counts_that_sqlite_cannot_have_are_refused(connection, method):
    create = getattr(connection, method)
    for name, error in (("a\0b", ValueError), ("\ud800", UnicodeEncodeError), (5, TypeError)):
        with pytest.raises(error):
            create(name, 0, list)
    for count, error in ((-2, sqlite3.Error), (2**40, OverflowError), (1.0, TypeError)):
        with pytest.raises(error):
            create("f", count, list)
    with pytest.raises(sqlite3.Error):
        create("f" * 256, 0, list)
