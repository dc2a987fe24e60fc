"""Python code that runs in the middle of a read does what it likes to the containers being read.

Lists are read as Python's own loops read them, so graphql-core's answer is the expected one.
"""

import sys
import threading
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace

import pytest
from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    execute_sync,
    parse,
)

from onecross.graphql import Engine


class Acting:
    """An object that acts on the list it is in when its number is read."""

    def __init__(self, number, items, action):
        self.kept = number
        self.items = items
        self.action = action

    @property
    def number(self):
        if self.kept == 3 and self.action:
            action, self.action = self.action, None
            action(self.items)
        return self.kept


def pop_all_but_one(items):
    del items[1:]


def pop_one(items):
    items.pop()


def shrink_and_grow(items):
    items.clear()
    items.extend(SimpleNamespace(number=number) for number in range(100, 110))


def grow(items):
    items.extend(SimpleNamespace(number=number) for number in range(50))


def replace_each(items):
    items[:] = [SimpleNamespace(number=-1) for _ in items]


def insert_in_front(items):
    items.insert(0, SimpleNamespace(number=-1))


def sort_backwards(items):
    items.reverse()


def fill_with_others(items):
    items[4:] = [None, {"number": 5}, SimpleNamespace(), object()]


ACTIONS = [
    list.clear,
    pop_all_but_one,
    pop_one,
    shrink_and_grow,
    grow,
    replace_each,
    insert_in_front,
    sort_backwards,
    fill_with_others,
]


def fire(value):
    """What a custom scalar's own code does: run the value, if it is something to run."""
    return value() if callable(value) else getattr(value, "number", value)


THING = GraphQLObjectType("Thing", {"number": GraphQLField(GraphQLInt)})
FIRED = GraphQLScalarType("Fired", serialize=fire)
SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "items": GraphQLField(GraphQLList(THING)),
            "fired": GraphQLField(GraphQLList(FIRED)),
            "any": GraphQLField(FIRED),
            "numbers": GraphQLField(GraphQLList(GraphQLInt)),
            "number": GraphQLField(GraphQLInt),
            "next": GraphQLField(GraphQLInt),
        },
    )
)


def check(make_root, query):
    expected = execute_sync(SCHEMA, parse(query), make_root())
    engine = Engine(SCHEMA)
    result = engine.execute_json_sync(query, make_root())
    dicts = engine.execute_sync(query, make_root())
    assert dicts.formatted == expected.formatted
    assert [error.formatted for error in result.errors or ()] == [
        error.formatted for error in expected.errors or ()
    ]
    return result


@pytest.mark.parametrize("action", ACTIONS)
def test_a_property_changes_the_list_it_is_read_from(action):
    def make_root():
        items = []
        items.extend(Acting(number, items, action) for number in range(8))
        return {"items": items}

    check(make_root, "{ items { number } }")


@pytest.mark.parametrize("action", ACTIONS[:4])
def test_a_scalar_changes_the_list_it_is_read_from(action):
    def make_root():
        values = [1, 2, 3]
        values += [lambda: action(values) or 4, 5, 6, 7]
        return {"fired": values}

    check(make_root, "{ fired }")


@pytest.mark.parametrize("action", [list.clear, pop_one, pop_all_but_one])
def test_a_value_changes_the_list_as_it_is_converted(action):
    def make_root():
        numbers = [1, 2, 3]

        class Converting(str):
            __slots__ = ()

            def __float__(self):
                action(numbers)
                return 4.0

            def __int__(self):
                action(numbers)
                return 4

            def __str__(self):
                action(numbers)
                return "4"

        numbers += [Converting("4"), 5, 6, 7]
        return {"numbers": numbers}

    check(make_root, "{ numbers }")


@pytest.mark.parametrize("action", [list.clear, pop_all_but_one, replace_each])
def test_an_object_that_is_freed_changes_the_list(action):
    def make_root():
        items = []

        class Dying:
            number = 1

            def __del__(self):
                action(items)

        class Dropping:
            @property
            def number(self):
                items[4] = SimpleNamespace(number=4)
                return 3

        items += [SimpleNamespace(number=0), Dropping(), SimpleNamespace(number=2)]
        items += [SimpleNamespace(number=3), Dying(), SimpleNamespace(number=5)]
        return {"items": items}

    check(make_root, "{ items { number } }")


def test_the_last_reference_to_the_list_goes_while_it_is_read():
    def make_root():
        root = SimpleNamespace()

        class Freeing:
            @property
            def number(self):
                del root.items
                return 1

        root.items = [Freeing(), SimpleNamespace(number=2), SimpleNamespace(number=3)]
        return root

    result = check(make_root, "{ items { number } }")
    assert b'"number":3' in bytes(result)


def test_the_last_reference_to_the_value_goes_while_it_is_written():
    kept = {}

    class Freeing(list):
        def __iter__(self):
            kept.clear()
            yield "after"

    def any_value(info):
        kept["outer"] = [Freeing(), ["not", "ours", "any", "more"]]
        return kept["outer"]

    result = Engine(SCHEMA).execute_json_sync("{ any }", {"any": any_value})
    assert bytes(result) == b'{"data":{"any":[["after"],["not","ours","any","more"]]}}'


@pytest.mark.parametrize(
    "change",
    [dict.clear, lambda root: root.pop("next"), lambda root: root.update(next=5, more=6)],
    ids=["clear", "pop", "update"],
)
def test_a_resolver_changes_the_dict_it_is_read_from(change):
    def make_root():
        root = {"next": 2}
        root["number"] = lambda info: change(root) or 1
        return root

    check(make_root, "{ number next again: number }")


def test_a_key_that_compares_in_python_changes_its_dict():
    def make_root():
        root = {}

        class Key:
            def __hash__(self):
                return hash("number")

            def __eq__(self, other):
                root.clear()
                return False

        root[Key()] = 1
        root["next"] = 2
        return root

    check(make_root, "{ number next }")


class Liar:
    """Says that it is a dict."""

    number = 5

    @property
    def __class__(self):
        return dict


class HalfMapping(Mapping):
    """A mapping whose parts fail."""

    def __getitem__(self, key):
        raise ZeroDivisionError(key)

    def __iter__(self):
        raise ZeroDivisionError

    def __len__(self):
        raise ZeroDivisionError


class Chameleon:
    """Another class from one look to the next."""

    number = 5
    looks = 0

    @property
    def __class__(self):
        type(self).looks += 1
        return [int, str, Chameleon, list][type(self).looks % 4]


@pytest.mark.parametrize(
    "make",
    [Liar, HalfMapping, Chameleon, lambda: MappingProxyType({"number": 1})],
    ids=["liar", "half a mapping", "chameleon", "proxy"],
)
def test_objects_that_are_not_what_they_say(make):
    engine = Engine(SCHEMA)
    for root in (make(), {"items": [make(), make()]}):
        query = "{ items { number } }" if isinstance(root, dict) else "{ number }"
        if type(root) is dict:
            query = "{ items { number } }"
        expected = execute_sync(SCHEMA, parse(query), root)
        assert engine.execute_sync(query, root).formatted == expected.formatted


class Items(dict):
    """A dict whose own `items` changes what it is in."""

    def items(self):
        self.container.clear()
        return super().items()


@pytest.mark.parametrize("make_container", [list, dict], ids=["list", "dict"])
def test_a_dict_in_a_scalar_clears_what_it_is_in(make_container):
    inner = Items(a=1)
    rest = [1, "two", inner, "three", ["four"] * 100]
    container = rest if make_container is list else dict(zip("vwxyz", rest, strict=True))
    inner.container = container
    result = Engine(SCHEMA).execute_json_sync("{ any }", {"any": container})
    if make_container is list:
        assert bytes(result) == b'{"data":{"any":[1,"two",{"a":1}]}}'
    else:
        assert bytes(result).startswith(b'{"data":{"any":null},"errors":')
        assert "changed size" in str(result.errors[0])


def test_a_list_in_a_scalar_that_iterates_as_it_likes():
    class Odd(list):
        def __iter__(self):
            yield 1
            container.clear()
            yield 2

    container = ["first", Odd(), "third"]
    result = Engine(SCHEMA).execute_json_sync("{ any }", {"any": container})
    assert bytes(result) == b'{"data":{"any":["first",[1,2]]}}'


def test_an_error_changes_the_list_of_errors_it_is_in():
    class OddError(Exception):
        @property
        def extensions(self):
            return {"code": "ODD"}

        def __str__(self):
            return "odd"

    def fail(info):
        raise OddError

    result = Engine(SCHEMA).execute_json_sync("{ number next }", {"number": fail, "next": fail})
    kept = result.errors
    kept.clear()
    assert bytes(result).count(b'"odd"') == 2


def test_errors_whose_extensions_change_while_they_are_written():
    extensions = {}

    class Container(dict):
        def items(self):
            extensions.clear()
            extensions.update(dict.fromkeys(map(str, range(100))))
            return super().items()

    extensions.update(a=Container(b=1), c=2)

    def fail(info):
        raise GraphQLError("no", extensions=extensions)

    engine = Engine(SCHEMA)
    with pytest.raises(TypeError, match="error 0 of the response cannot be written"):
        engine.execute_json_sync("{ number }", {"number": fail})


def test_another_thread_changes_the_list_while_it_is_read():
    engine = Engine(SCHEMA)
    stop = threading.Event()
    items = [SimpleNamespace(number=1) for _ in range(100)]

    class Yielding:
        """Runs Python code, so that the other thread gets its turn."""

        @property
        def number(self):
            return sum(range(50)) % 7

    def change():
        while not stop.is_set():
            items.clear()
            items.extend(Yielding() if n % 2 else SimpleNamespace(number=n) for n in range(200))
            del items[50:150]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread = threading.Thread(target=change)
    thread.start()
    try:
        results = [
            engine.execute_json_sync("{ items { number } }", {"items": items}) for _ in range(200)
        ]
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(interval)
    assert all(result.errors is None for result in results)
    assert all(bytes(result).endswith(b"]}}") for result in results)


def test_a_resolver_that_clears_the_cache_and_executes_again():
    engine = Engine(SCHEMA, cache_documents=1)

    def number(info):
        engine.clear_cache()
        inner = engine.execute_json_sync("{ next }", {"next": 2})
        engine.execute_json_sync("{ again: next }", {"next": 2})
        return len(inner)

    root = {"number": number, "next": 3}
    assert bytes(engine.execute_json_sync("{ number next }", root)) == (
        b'{"data":{"number":19,"next":3}}'
    )
