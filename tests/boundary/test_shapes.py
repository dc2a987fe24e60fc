"""Each kind of class is read as graphql-core reads it, by no Python code, and left as it was."""

import gc
import json
import sys
import tracemalloc
from collections import OrderedDict
from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any

import pytest
from graphql import build_schema, execute_sync, parse
from pydantic import BaseModel, ConfigDict, PrivateAttr, computed_field
from shapes import SHAPES, people

import onecross
from onecross._core import knows_memory_layout
from onecross.graphql import Engine

SCHEMA = build_schema("""
    type Query { people: [Person] }
    type Person { name: String age: Int tags: [String] extra: Int missing: Int }
""")
QUERY = "{ people { name age tags } }"


def check(engine: Engine, query: str, root: Any) -> Any:
    """Asks both forms for the answer, which is graphql-core's, and returns it."""
    expected = execute_sync(SCHEMA, parse(query), root)
    body = bytes(engine.execute_json_sync(query, root))
    dicts = engine.execute_sync(query, root)
    text = json.dumps(expected.formatted, separators=(",", ":"), ensure_ascii=False)
    if expected.errors is None:
        assert body == text.encode()
    assert json.dumps(dicts.formatted) == json.dumps(expected.formatted)
    return expected.data


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
def test_a_shape_is_read_without_python_code(make, crossings):
    engine = Engine(SCHEMA)
    root = {"people": people(make)}
    check(engine, QUERY, root)
    for execute in (engine.execute_json_sync, engine.execute_sync):
        with onecross.meter() as meter, crossings() as seen:
            execute(QUERY, root)
        made_by_the_face = execute == engine.execute_sync
        assert meter.calls_out == int(made_by_the_face)
        assert len(seen.calls_out) == int(made_by_the_face), seen.calls_out


@pytest.fixture
def nobody_watches_the_collector():
    """Others' callbacks for the collector may keep something of each collection."""
    callbacks = gc.callbacks.copy()
    gc.callbacks.clear()
    yield
    gc.callbacks.extend(callbacks)


@pytest.mark.usefixtures("nobody_watches_the_collector")
@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
def test_no_memory_is_kept_for_an_object_of_a_shape(make):
    engine = Engine(SCHEMA)
    count = 2_000
    root = {"people": people(make, count)}
    check(engine, QUERY, {"people": people(make)})
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        engine.execute_json_sync(QUERY, root)
        engine.execute_sync(QUERY, root)
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert kept < count / 10, f"{kept} bytes are kept for {count} objects"


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
def test_references_to_what_is_read_go_back_to_what_they_were(make):
    engine = Engine(SCHEMA)
    name, tag = "".join(["Grüße ", "an alle"]), "".join(["ta", "g"])
    person = make(name, None, [tag])
    objects = [person, type(person), name, tag]
    engine.execute_sync(QUERY, {"people": [person] * 10})
    gc.collect()
    before = [sys.getrefcount(each) for each in objects], sys.getsizeof(name)
    for _ in range(100):
        engine.execute_json_sync(QUERY, {"people": [person] * 10})
        engine.execute_sync(QUERY, {"people": [person] * 10})
    gc.collect()
    assert ([sys.getrefcount(each) for each in objects], sys.getsizeof(name)) == before


def test_all_shapes_in_one_list():
    engine = Engine(SCHEMA)
    mixed = [person for _ in range(3) for make in SHAPES.values() for person in people(make, 4)]
    assert len(check(engine, QUERY, {"people": mixed})["people"]) == len(SHAPES) * 12


def test_a_value_in_a_dict_is_the_very_object_that_was_read():
    name, age = "".join(["Ad", "a"]), int("1234567")
    for make in SHAPES.values():
        person = make(name, age, [name])
        result = Engine(SCHEMA).execute_sync(QUERY, {"people": [person] * 2})
        assert all(each["name"] is name for each in result.data["people"])
        assert all(each["age"] is age for each in result.data["people"])
        assert all(each["tags"][0] is name for each in result.data["people"])


class WithProperty:
    def __init__(self, number):
        self.kept = number

    @property
    def name(self):
        return f"by a property {self.kept}"


class WithCachedProperty(WithProperty):
    name = None

    @cached_property
    def age(self):
        return self.kept


class Descriptor:
    def __get__(self, instance, owner):
        return f"by a descriptor {instance.kept}"


class DataDescriptor(Descriptor):
    def __set__(self, instance, value):
        raise AttributeError


class WithDescriptors(WithProperty):
    name = Descriptor()
    tags = None
    extra = None


class WithADescriptorOverAValue(WithProperty):
    name = DataDescriptor()

    def __init__(self, number):
        super().__init__(number)
        vars(self)["name"] = "under the descriptor"


class WithAValueOverADescriptor(WithProperty):
    name = Descriptor()

    def __init__(self, number):
        super().__init__(number)
        vars(self)["name"] = "over the descriptor"


class WithMethods(WithProperty):
    def name(self, info):
        return f"by a method {self.kept}"

    @staticmethod
    def tags(info):
        return ["by a function"]

    @classmethod
    def age(cls, info):
        return len(cls.__name__)


class WithDynamicAttributes(WithProperty):
    name = None

    def __getattr__(self, name):
        if name == "age":
            return self.kept
        raise AttributeError(name)


class WithGetattribute(WithProperty):
    def __getattribute__(self, name):
        return 7 if name == "age" else super().__getattribute__(name)


class Computed(BaseModel):
    model_config = ConfigDict(extra="allow")

    kept: int
    _private: int = PrivateAttr(default=3)

    @computed_field
    def name(self) -> str:
        return f"computed {self.kept}"

    @property
    def age(self) -> int:
        return self._private


class OwnGet(dict):
    def get(self, key, default=None):
        return f"by get: {super().get(key)}" if key == "name" else super().get(key)


class DictWithADict(dict):
    """An instance may have a `get` of its own."""


class KeyedByDefault(dict):
    def __missing__(self, key):
        raise ZeroDivisionError(key)


class Lookup(Mapping):
    def __init__(self, entries):
        self.entries = entries

    def __getitem__(self, key):
        return self.entries[key]

    def __iter__(self):
        return iter(self.entries)

    def __len__(self):
        return len(self.entries)


class Planet(Enum):
    EARTH = 3
    MARS = 4

    def __init__(self, number):
        self.age = number
        self.tags = [self._name_]


def own_get_in_the_instance(number):
    person = DictWithADict(name="as a key", age=number)
    if number % 2:
        person.get = lambda key: "by its own" if key == "name" else None
    return person


SHAPES_WITH_CODE = {
    "a property": WithProperty,
    "a cached property": WithCachedProperty,
    "a descriptor": WithDescriptors,
    "a descriptor over a value": WithADescriptorOverAValue,
    "a value over a descriptor": WithAValueOverADescriptor,
    "methods": WithMethods,
    "__getattr__": WithDynamicAttributes,
    "__getattribute__": WithGetattribute,
    "a model with computed and further fields": lambda number: Computed(kept=number, extra=9),
    "a model that allows a field": lambda number: Computed(kept=number, missing=4),
    "a dict with its own get": lambda number: OwnGet(name=str(number), age=number),
    "a dict whose instances may have a get": own_get_in_the_instance,
    "a dict with __missing__": lambda number: KeyedByDefault(name=str(number)),
    "an OrderedDict": lambda number: OrderedDict(age=number, name=str(number)),
    "a mapping": lambda number: Lookup({"name": str(number), "age": number}),
    "a proxy of a dict": lambda number: MappingProxyType({"name": str(number), "age": number}),
    "an enum member": lambda number: Planet(3 + number % 2),
}


@pytest.mark.parametrize("make", SHAPES_WITH_CODE.values(), ids=SHAPES_WITH_CODE)
def test_code_of_a_class_is_run_and_counted(make, crossings):
    query = "{ people { name age tags extra missing } }"
    engine = Engine(SCHEMA)
    check(engine, query, {"people": [make(number) for number in range(6)]})
    root = {"people": [make(number) for number in range(6)]}
    with onecross.meter() as meter, crossings() as seen:
        engine.execute_json_sync(query, root)
    assert meter.calls_out >= len(seen.calls_out), seen.calls_out


def test_a_cached_property_is_computed_once(crossings):
    engine = Engine(SCHEMA)
    root = {"people": [WithCachedProperty(number) for number in range(6)]}
    query = "{ people { age } }"
    computed = []
    for _ in range(2):
        with onecross.meter() as meter, crossings() as seen:
            engine.execute_json_sync(query, root)
        computed.append(sum("cached_property" in call for call in seen.calls_out))
        assert meter.calls_out >= len(seen.calls_out)
    assert computed == [6, 0]
    if knows_memory_layout:
        assert meter.calls_out == 0


def late_mappings():
    """Objects, the third of which registers their class as a mapping when it is read."""

    class Late:
        name = "as an attribute"

        def __init__(self, number):
            self.number = number

        @property
        def age(self):
            if self.number == 2:
                Mapping.register(Late)
            return self.number

        def get(self, key):
            return "by get" if key == "name" else 100

    return [Late(number) for number in range(5)]


def test_a_class_registered_as_a_mapping_is_one_from_then_on():
    engine = Engine(SCHEMA)
    query = "{ people { age name } }"
    expected = execute_sync(SCHEMA, parse(query), {"people": late_mappings()})
    assert expected.data["people"][2:] == [
        {"age": 2, "name": "by get"},
        {"age": 100, "name": "by get"},
        {"age": 100, "name": "by get"},
    ]
    for _ in range(2):
        assert engine.execute_sync(query, {"people": late_mappings()}).data == expected.data
