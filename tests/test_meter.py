"""The meter: what it counts, whom it counts for, and that it cannot flatter us."""

import asyncio
import operator
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace

import pytest
from generator import document, family, root_of
from generator.faults import Halt
from generator.resolvers import Journal
from graphql import build_schema, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import onecross
from onecross.graphql import Engine

SCHEMA = build_schema("""
    type Query { number: Int numbers: [Int] people: [Person] double(of: Int!): Int }
    type Person { name: String age: Int }
    type Mutation { number: Int }
    type Subscription { number: Int }
""")


@dataclass
class Person:
    name: str
    age: int


class Root:
    def __init__(self):
        self.number = 1
        self.numbers = [1, 2, 3]
        self.people = [Person("Ada", 36), Person("Grace", 85)]

    def double(self, info, of):
        return 2 * of


@pytest.fixture
def engine():
    return Engine(SCHEMA)


def metered(engine, query, root=None, **options):
    with onecross.meter() as meter:
        engine.execute_json_sync(query, Root() if root is None else root, **options)
    return meter


def warm(engine, query):
    engine.execute_json_sync(query, Root())
    return metered(engine, query)


def test_plain_attributes_and_lists_are_read_without_leaving_rust(engine):
    meter = warm(engine, "{ number numbers people { name age } }")
    assert (meter.calls_in, meter.calls_out, meter.crossings) == (1, 0, 1)
    # The attributes of the root, three numbers, two people, and their four attributes.
    assert meter.reads == 3 + 3 + 2 + 4


def test_more_objects_cost_no_more_crossings(engine):
    root = Root()
    root.people = [Person("Ada", 36)] * 1_000
    query = "{ people { name age } }"
    engine.execute_json_sync(query, root)
    meter = metered(engine, query, root)
    assert meter.crossings == warm(engine, query).crossings
    assert meter.reads == 1 + 1_000 + 2_000


def test_bytes_are_those_of_the_body(engine):
    with onecross.meter() as meter:
        body = engine.execute_json_sync("{ number }", Root())
    assert meter.bytes == len(body)


def test_a_document_is_prepared_once(engine):
    query = "{ number }"
    first, second = metered(engine, query), metered(engine, query)
    assert "prepare documents" in str(first)
    assert "prepare documents" not in str(second)
    assert second.calls_out < first.calls_out


def test_what_is_left_to_graphql_core_is_counted(engine):
    with onecross.meter() as meter:
        engine.execute_document_sync(parse("{ ... @defer(if: false) { number } }"))
    assert meter.fallbacks == 1
    assert "left to graphql-core" in str(meter)


def test_each_call_counts_even_when_it_raises(engine):
    class Interrupting:
        @property
        def number(self):
            raise KeyboardInterrupt

    engine.execute_json_sync("{ number }", Root())
    with onecross.meter() as meter, pytest.raises(KeyboardInterrupt):
        engine.execute_json_sync("{ number }", Interrupting())
    assert meter.calls_in == 1
    assert meter.calls_out >= 1


def test_an_inner_meter_counts_for_the_outer_one_too(engine):
    query = "{ number }"
    alone = warm(engine, query)
    with onecross.meter() as outer:
        engine.execute_json_sync(query, Root())
        with onecross.meter() as inner:
            engine.execute_json_sync(query, Root())
        engine.execute_json_sync(query, Root())
    assert inner.crossings == alone.crossings
    assert inner.reads == alone.reads
    assert outer.calls_in == 3
    assert outer.reads == 3 * alone.reads


def test_an_execution_within_an_execution_is_counted_once(engine):
    nested = metered(engine, "{ number }", SimpleNamespace(number=1))

    class Nesting:
        @property
        def number(self):
            engine.execute_json_sync("{ number }", SimpleNamespace(number=1))
            return 2

    meter = metered(engine, "{ number }", Nesting())
    assert meter.calls_in == 2
    assert meter.reads >= nested.reads


def test_a_meter_that_is_on_cannot_be_entered_again():
    with onecross.meter() as meter, pytest.raises(RuntimeError, match="make another one"):
        meter.__enter__()


def test_a_meter_that_is_off_cannot_be_left():
    with pytest.raises(RuntimeError, match="not on"):
        onecross.meter().__exit__(None, None, None)


def test_a_meter_may_be_used_again_and_goes_on_counting(engine):
    meter = onecross.meter()
    for expected in (1, 2):
        with meter:
            engine.execute_json_sync("{ number }", Root())
        assert meter.calls_in == expected


def test_a_meter_within_itself_by_a_copied_context_counts_once(engine):
    meter = onecross.meter()
    with meter:
        context = copy_context()

    def again():
        with meter:
            engine.execute_json_sync("{ number }", Root())

    for expected in (1, 2, 3):
        context.run(again)
        assert meter.calls_in == expected


def test_an_error_in_the_block_is_not_swallowed_and_turns_the_meter_off(engine):
    meter = onecross.meter()
    with pytest.raises(ZeroDivisionError), meter:
        _ = 1 // 0
    engine.execute_json_sync("{ number }", Root())
    assert meter.crossings == 0


def test_tasks_are_metered_apart(engine):
    async def work(times, others_turn, my_turn):
        with onecross.meter() as meter:
            for _ in range(times):
                engine.execute_json_sync("{ number }", Root())
                others_turn.set()
                await my_turn.wait()
                my_turn.clear()
        others_turn.set()
        return meter.calls_in

    async def main():
        first, second = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(work(3, first, second), work(3, second, first))

    assert asyncio.run(main()) == [3, 3]


def test_threads_are_metered_apart(engine):
    turns = threading.Barrier(2)
    counted = {}

    def work(times):
        with onecross.meter() as meter:
            turns.wait(60)
            for _ in range(times):
                engine.execute_json_sync("{ number }", Root())
            turns.wait(60)
        counted[times] = meter.calls_in

    threads = [threading.Thread(target=work, args=(times,)) for times in (2, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted == {2: 2, 5: 5}


def test_a_meter_elsewhere_counts_nothing_here(engine):
    with onecross.meter() as meter:
        thread = threading.Thread(target=engine.execute_json_sync, args=("{ number }", Root()))
        thread.start()
        thread.join()
    assert meter.crossings == 0


def test_results_are_the_same_with_the_meter_on_and_off(engine):
    query = "{ number numbers people { name age } double(of: 4) missing: double(of: 2) }"
    off = bytes(engine.execute_json_sync(query, Root()))
    with onecross.meter():
        on = bytes(engine.execute_json_sync(query, Root()))
    assert on == off


def test_print_shows_where_time_went(engine):
    shown = str(metered(engine, "{ number double(of: 2) }"))
    lines = [line.strip().rsplit(maxsplit=1)[0] for line in shown.splitlines()[1:]]
    assert shown.startswith("where time went, in 1 call to onecross\n")
    for name in ("crossings", "into Rust", "out to Python code", "reads", "makes", "bytes"):
        assert name in lines
    assert "of which Python code" in shown


def test_repr_is_one_line(engine):
    meter = warm(engine, "{ number }")
    assert repr(meter) == "<Meter: 1 crossings, 1 reads>"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_calls_are_those_that_the_interpreter_reports(crossings, seed):
    random = Random(seed)
    made = family(random, is_reported=True)
    engine = Engine(made.schema)
    written = document(random, made)
    name, operation = written.choice(random)
    variables, root = operation.values(random), root_of(random, made, operation.root_type)
    for state in ("cold", "warm"):
        value, journal = root.make(), Journal()
        with onecross.meter() as meter, crossings() as seen, suppress(Halt, Exception):
            engine.execute_json_sync(written.text, value, journal, variables, name)
        assert meter.calls_in == seen.calls_in == 1
        assert meter.calls_out == len(seen.calls_out), (state, seen.calls_out)


class Truthy:
    def __bool__(self):
        return True


class Listed:
    def __iter__(self):
        return iter([1, 2])


class Entries(dict):
    def items(self):
        return super().items()


class Numbers(Mapping):
    def __getitem__(self, key):
        return 1

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def get(self, key, default=None):
        return 1


ODD = build_schema("""
    scalar Any
    type Query { number: Int numbers: [Int] anything: Any checked: Checked }
    type Checked { number: Int }
""")
ODD.get_type("Checked").is_type_of = lambda value, info: Truthy()

ROOTS_THAT_RUN_PYTHON = {
    "a mapping": (Numbers(), "{ number }"),
    "an iterable": (SimpleNamespace(numbers=Listed()), "{ numbers }"),
    "a generator": (SimpleNamespace(numbers=lambda info: (n for n in (1, 2))), "{ numbers }"),
    "a dict's own items": (SimpleNamespace(anything=Entries(a=1)), "{ anything }"),
    "a truth value": (SimpleNamespace(checked={"number": 1}), "{ checked { number } }"),
}


@pytest.mark.parametrize(
    ("root", "query"), ROOTS_THAT_RUN_PYTHON.values(), ids=ROOTS_THAT_RUN_PYTHON
)
def test_every_call_of_python_code_is_counted(crossings, root, query):
    engine = Engine(ODD)
    engine.execute_json_sync(query, root)
    with onecross.meter() as meter, crossings() as seen:
        result = engine.execute_json_sync(query, root)
    assert result.errors is None
    assert meter.calls_out == len(seen.calls_out), seen.calls_out


class Generic:
    """A class with a `__getattr__` that is not needed."""

    number = 1

    def __getattr__(self, name):
        raise AttributeError(name)


class ByOperator:
    number = property(operator.attrgetter("kept"))
    kept = 1


class OfClass:
    number = 1


ROOTS_THAT_RUN_NO_PYTHON = {
    "a class with __getattr__": Generic(),
    "a property in C": ByOperator(),
    "a class itself": OfClass,
    "a set": SimpleNamespace(numbers={1, 2, 3}),
    "a deque": SimpleNamespace(numbers=deque([1, 2, 3])),
    "dict values": SimpleNamespace(numbers={1: 1}.values()),
}


@pytest.mark.parametrize("root", ROOTS_THAT_RUN_NO_PYTHON.values(), ids=ROOTS_THAT_RUN_NO_PYTHON)
def test_code_written_in_c_is_no_call_out(engine, crossings, root):
    query = "{ numbers }" if isinstance(root, SimpleNamespace) else "{ number }"
    engine.execute_json_sync(query, root)
    with onecross.meter() as meter, crossings() as seen:
        engine.execute_json_sync(query, root)
    assert meter.calls_out == len(seen.calls_out), seen.calls_out
