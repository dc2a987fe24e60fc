"""Signals that arrive during a walk are handled in the middle of it, and threads have their turn.

`_thread.interrupt_main` is a signal that arrives, and no Python code runs where it is called from
C: what comes after it in a walk shows when the walk itself looks.
"""

import _thread
import gc
import itertools
import json
import signal
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from graphql import ExecutionResult, build_schema

import onecross
from onecross.graphql import Engine

SCHEMA = build_schema("""
    scalar Any
    type Query {
      arrive: [Int] numbers: [Int] texts: [String] nested: [[Int]] nulls: [Query] any: Any
      rows: [Row] after: String
    }
    type Row { numbers: [Int] texts: [String] }
""")
# More than is written in many thousand times the longest wait between two looks.
MANY = 3_000_000
# A tenth of a second of work at most, on any machine.
FEW = 100_000


class Stop(Exception):  # noqa: N818 - it is no error
    """What a handler raises; as the error of a field it would be a part of the answer."""


class Root:
    """Holds what is walked; whoever asks for `after` is called once all else was walked."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)
        self.arrive = map(_thread.interrupt_main, [signal.SIGUSR1])
        self.log: list[str] = []

    @property
    def after(self) -> str:
        self.log.append("after")
        return "after"


def stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop


@contextmanager
def handled_by(
    handler: Callable[[int, FrameType | None], object], number: int = signal.SIGUSR1
) -> Iterator[None]:
    before = signal.signal(number, handler)
    # Others' callbacks for the collector would be interrupted in its place, and lose the error.
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        signal.signal(number, before)


@pytest.fixture(params=["execute_json_sync", "execute_sync"])
def execute(request: pytest.FixtureRequest) -> Callable[..., Any]:
    return getattr(Engine(SCHEMA), request.param)


def read(result: Any) -> Any:
    return result.formatted if isinstance(result, ExecutionResult) else json.loads(bytes(result))


WALKS: dict[str, Callable[[], tuple[str, Any]]] = {
    "a list of numbers": lambda: ("numbers", [1] * MANY),
    "a tuple of numbers": lambda: ("numbers", (1,) * MANY),
    "a list of texts": lambda: ("texts", ["a"] * MANY),
    "long texts": lambda: ("texts", ["a" * 100_000] * 5_000),
    "a list of nulls": lambda: ("nulls", [None] * MANY),
    "lists in a list": lambda: ("nested", [[1, 2]] * MANY),
    "empty lists in a list": lambda: ("nested", [[]] * MANY),
    "objects with lists": lambda: ("rows", [Root(numbers=[1] * 50, texts=[])] * MANY),
}
SELECTIONS = {"rows": "rows { numbers texts }", "nulls": "nulls { numbers }"}


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_a_handler_that_raises_ends_the_walk_with_its_exception(execute, walk) -> None:
    field, values = walk()
    root = Root(**{field: values})
    with handled_by(stop), pytest.raises(Stop):
        execute(f"{{ arrive {SELECTIONS.get(field, field)} after }}", root)
    assert root.log == []
    assert execute("{ after }", root) is not None


def test_an_iterator_is_interrupted_as_well(execute) -> None:
    arriving = map(_thread.interrupt_main, [signal.SIGUSR1])
    root = Root(numbers=itertools.chain(arriving, itertools.repeat(1, MANY)))
    with handled_by(stop), pytest.raises(Stop):
        execute("{ numbers after }", root)
    assert root.log == []


def test_the_interrupt_of_the_keyboard_reaches_the_caller(execute) -> None:
    root = Root(numbers=[1] * MANY)
    root.arrive = map(_thread.interrupt_main, [signal.SIGINT])
    # A shell that runs the tests in the background has them ignore it.
    with (
        handled_by(signal.default_int_handler, signal.SIGINT),
        pytest.raises(KeyboardInterrupt),
    ):
        execute("{ arrive numbers after }", root)
    assert root.log == []


@pytest.mark.parametrize("field", ["numbers", "texts", "nested", "nulls"])
def test_a_handler_that_returns_resumes_the_walk_and_may_change_what_is_walked(
    execute, field: str
) -> None:
    item: Any = {"numbers": 1, "texts": "a", "nested": [1], "nulls": None}[field]
    values = [item] * MANY

    def shorten(_number: int, _frame: FrameType | None) -> None:
        root.log.append("handled")
        del values[FEW:]

    root = Root(**{field: values})
    selection = SELECTIONS.get(field, field)
    with handled_by(shorten):
        result = execute(f"{{ arrive {selection} after }}", root)
    assert root.log == ["handled", "after"]
    data = {"arrive": [None], field: [item] * FEW, "after": "after"}
    assert read(result) == {"data": data}


def test_few_values_are_written_between_two_looks(execute) -> None:
    arriving = Root(numbers=map(_thread.interrupt_main, [signal.SIGUSR1]))
    row = Root(numbers=[1] * 10)
    rows = [row] * FEW + [arriving] + [row] * FEW
    with handled_by(lambda *_: rows.clear()):
        result = execute("{ rows { numbers } }", Root(rows=rows))
    assert FEW < len(read(result)["data"]["rows"]) < FEW + FEW // 10


class Arrive:
    """The number of a signal; JSON does not know it, and the encoder lets that signal arrive."""

    def __index__(self) -> int:
        return int(signal.SIGUSR1)


ANY_VALUES: dict[str, Callable[[], Any]] = {
    "a list": lambda: [1] * MANY,
    "a tuple": lambda: (1,) * MANY,
    "a list of lists": lambda: [[]] * MANY,
    "a dict": lambda: dict.fromkeys(range(MANY)),
    "a dict of its own kind": lambda: OrderedDict.fromkeys(range(MANY)),
}


@pytest.mark.parametrize("make", ANY_VALUES.values(), ids=ANY_VALUES)
def test_the_value_of_a_scalar_is_interrupted_as_well(make) -> None:
    root = Root(any=[Arrive(), make()])
    engine = Engine(SCHEMA, default=_thread.interrupt_main)
    with handled_by(stop), pytest.raises(Stop):
        engine.execute_json_sync("{ any after }", root)
    assert root.log == []


def test_extensions_of_an_error_are_interrupted_without_being_taken_for_wrong() -> None:
    class FailedError(Exception):
        extensions = {"arrive": Arrive(), "many": [1] * MANY}  # noqa: RUF012 - as users write it

    def fail(_info: Any) -> Any:
        raise FailedError

    engine = Engine(SCHEMA, default=_thread.interrupt_main)
    with handled_by(stop), pytest.raises(Stop):
        engine.execute_json_sync("{ numbers }", {"numbers": fail})


def test_only_the_main_thread_handles_signals() -> None:
    handled: list[int] = []
    results: list[Any] = []

    def work() -> None:
        results.append(Engine(SCHEMA).execute_sync("{ arrive numbers }", Root(numbers=[1] * FEW)))

    with handled_by(lambda *_: handled.append(threading.get_ident())):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert len(results[0].data["numbers"]) == FEW
    assert handled == [threading.get_ident()]


FAIRNESS = """
import resource, sys, threading
import onecross
from graphql import ExecutionResult, build_schema
from onecross.graphql import Engine

resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
engine = Engine(build_schema("scalar Any type Query { numbers: [Int] any: Any }"))
begun, stop, counted = threading.Event(), [], 0

def count():
    global counted
    begun.wait()
    for _ in range(1_000_000):
        counted += 1
    stop.append(1)

class Endless(list):
    def __iter__(self):
        begun.set()
        return iter(stop.__len__, 1)

# No Python code runs for an item, and there are items until the other thread has counted enough.
values = {"numbers": Endless(), "any": Endless([1])}
thread = threading.Thread(target=count)
with onecross.meter() as meter:
    thread.start()
    result = getattr(engine, sys.argv[1])("{ %s }" % sys.argv[2], values)
thread.join()
print(counted, result.errors, meter.releases > 0)
"""


@pytest.mark.parametrize("form", ["execute_json_sync", "execute_sync"])
def test_another_thread_has_its_turn_during_a_walk(run_python, form: str) -> None:
    finished = run_python(FAIRNESS, form, "numbers")
    assert finished.stdout == "1000000 None True\n", finished.stderr


def test_another_thread_has_its_turn_while_a_value_is_written(run_python) -> None:
    finished = run_python(FAIRNESS, "execute_json_sync", "any")
    assert finished.stdout == "1000000 None True\n", finished.stderr


def test_a_short_walk_releases_nothing() -> None:
    with onecross.meter() as meter:
        Engine(SCHEMA).execute_json_sync("{ numbers }", Root(numbers=[1]))
    assert meter.releases == 0
