"""The drop-in's callbacks beside those of the standard library's sqlite3, in the same cases."""

import sqlite3 as standard
import sys

import pytest

import onecross.sql.sqlite3 as drop_in
from onecross.sql.sqlite3 import _actions

ROWS = "select * from (values (1), (2), (3))"
AGGREGATE = f"select f(column1) from ({ROWS})"
WINDOW = (
    "select f(column1) over (order by column1 rows between 1 preceding and 1 following) "
    f"from ({ROWS})"
)


def outcome(module, set_up, text):
    """What a case comes to: rows or an error, and which exceptions are shown."""
    shown = []
    before, sys.unraisablehook = sys.unraisablehook, shown.append
    module.enable_callback_tracebacks(True)
    connection = module.connect(":memory:")
    try:
        set_up(connection)
        result = connection.execute(text).fetchall()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        code = getattr(error, "sqlite_errorname", None)
        result = (type(error).__name__, str(error), code)
    finally:
        connection.close()
        module.enable_callback_tracebacks(False)
        sys.unraisablehook = before
    return result, [
        (told.exc_type.__name__, str(told.exc_value), getattr(told.object, "__name__", told.object))
        for told in shown
    ]


def check(set_up, text):
    assert outcome(drop_in, set_up, text) == outcome(standard, set_up, text)


def raiser(error):
    def raises(*_):
        raise error

    return raises


ERRORS = [ZeroDivisionError("x"), MemoryError("m"), OverflowError("o"), KeyboardInterrupt()]
ANSWERS = {
    "None": None,
    "int": 5,
    "bool": True,
    "too large": 2**63,
    "too small": -(2**63) - 1,
    "float": 1.5,
    "nan": float("nan"),
    "str": "text",
    "null character": "a\0b",
    "surrogate": "\ud800",
    "bytes": b"",
    "bytearray": bytearray(b"x"),
    "not contiguous": memoryview(b"abcd")[::2],
    "class": object,
    "list": [],
    "complex": 1j,
    "subclass of int": type("Integer", (int,), {})(5),
    "subclass of str": type("Text", (str,), {})("s"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_answers(answer):
    def answers(*_):
        return answer

    check(lambda it: it.create_function("f", 0, answers), "select f(), typeof(f())")
    if not isinstance(answer, type):
        check(
            lambda it: it.create_collation("c", answers), "values ('a'), ('b') order by 1 collate c"
        )
    check(lambda it: it.set_authorizer(answers), "select 1")
    check(lambda it: it.set_progress_handler(answers, 1), "select 1")
    check(lambda it: it.set_trace_callback(answers), "select 1")


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_errors(error):
    raises = raiser(error)
    check(lambda it: it.create_function("f", 0, raises), "select f()")
    check(lambda it: it.set_authorizer(raises), "select 1")
    check(lambda it: it.set_progress_handler(raises, 1), "select 1")
    check(lambda it: it.set_trace_callback(raises), "select 1")
    if isinstance(error, Exception):
        text = "select * from (values ('a'), ('b')) order by 1 collate c"
        check(lambda it: it.create_collation("c", raises), text)


class Aggregate:
    """Tells of all that is called."""

    def step(self, *_):
        pass

    def inverse(self, *_):
        pass

    def value(self):
        return 5

    def finalize(self):
        return 7


METHODS = ["__init__", "step", "inverse", "value", "finalize"]
INSTEAD = [*map(raiser, ERRORS[:3]), lambda *_: [], lambda self, *_: self.nothing, None]


@pytest.mark.parametrize(
    "instead", INSTEAD, ids=["zero", "memory", "overflow", "list", "attribute", "none"]
)
@pytest.mark.parametrize("method", METHODS)
def test_methods_of_aggregates(method, instead):
    content = {**vars(Aggregate), method: instead}
    if instead is None:
        del content[method]
    content = {
        name: value for name, value in content.items() if name not in ("__dict__", "__weakref__")
    }
    made = type("Aggregate", (), content)
    check(lambda it: it.create_aggregate("f", 1, made), AGGREGATE)
    check(lambda it: it.create_aggregate("f", 1, made), f"{AGGREGATE} where 0")
    check(lambda it: it.create_window_function("f", 1, made), AGGREGATE)
    check(lambda it: it.create_window_function("f", 1, made), WINDOW)


def test_what_is_refused():
    def busy(create):
        def set_up(connection):
            create(connection)
            cursor = connection.execute("values (1), (2)")
            create(connection)
            cursor.close()

        return set_up

    check(busy(lambda it: it.create_function("f", 0, len)), "select 1")
    check(busy(lambda it: it.create_aggregate("f", 0, list)), "select 1")
    check(busy(lambda it: it.create_collation("f", len)), "select 1")
    for count in (-100, -2):
        check(lambda it, count=count: it.create_function("f", count, len), "select 1")
        check(lambda it, count=count: it.create_aggregate("f", count, list), "select 1")
        check(lambda it, count=count: it.create_window_function("f", count, list), "select 1")
    for name in ("a\0b", "\ud800", "f" * 256):
        check(lambda it, name=name: it.create_function(name, 0, len), "select 1")
    check(lambda it: it.create_collation("f", 5), "select 1")


def test_arguments():
    def told(*values):
        return repr(values)

    def set_up(connection):
        connection.text_factory = bytes
        connection.create_function("told", -1, told)

    check(set_up, "select told(null, 1, 2.5, 'text', x'ff', char(65, 0, 66))")
    check(set_up, "select told(cast(x'ff' as text))")


def test_traced_texts():
    def traced(module):
        texts = []
        connection = module.connect(":memory:")
        connection.executescript("""
            create table t (x); create table u (x);
            create trigger g after insert on t begin insert into u values (new.x); end;
        """)
        connection.set_trace_callback(texts.append)
        connection.execute("insert into t values (?)", ("a",))
        connection.commit()
        connection.executescript("select 1; select 2")
        connection.close()
        return texts

    assert traced(drop_in) == traced(standard)


@pytest.mark.parametrize("name", _actions.__all__)
def test_the_numbers_of_actions(name):
    assert getattr(drop_in, name) == getattr(standard, name)
