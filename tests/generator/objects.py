"""Objects of every kind that fields are read from, told by what their fields shall be."""

from collections import ChainMap, UserDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import make_dataclass
from functools import cache, cached_property
from random import Random
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

from graphql import GraphQLList, GraphQLNonNull, is_leaf_type

from generator.recipe import Recipe
from generator.resolvers import Called
from generator.schemas import FIELDS, OBJECTS, Family, possible_types
from generator.values import LIST_FORMS, NULL, REPORTED_FORMS, fault, leaf, oddity

__all__ = ["root_of"]

# What the fields of an object shall be.
Entries = dict[str, Recipe]


class Lazy:
    """Reads a field when it is asked for."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries

    def read(self, name: str) -> Any:
        if name in self.entries:
            return self.entries[name].read()
        raise AttributeError(name)


class OwnGet(dict):
    """A dict with code of its own."""

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, default)


class PlainDict(dict):
    """A dict by another name."""


class Keys(Mapping[str, Any]):
    """A mapping that reads a field when it is asked for."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries

    def __getitem__(self, key: str) -> Any:
        return self.entries[key].read()

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def computed(self: Lazy, name: str) -> Any:
    return self.read(name)


@cache
def class_of(form: str, type_name: str) -> Any:
    """The class of a form whose instances say that they are of a type."""
    name = form.title().replace(" ", "")
    own = {f"_{name}__typename": type_name, "__repr__": lambda self: f"<{name}>"}
    optional = [(field, Any, None) for field in FIELDS]
    match form:
        case "properties":
            read = {name: property(lambda self, name=name: self.read(name)) for name in FIELDS}
            return type(name, (Lazy,), {**own, **read})
        case "cached properties":
            read = {name: cached(name) for name in FIELDS}
            return type(name, (Lazy,), {**own, **read})
        case "computed":
            return type(name, (Lazy,), {**own, "__getattr__": computed})
        case "slots":
            return type(name, (), {**own, "__slots__": FIELDS})
        case "dataclass":
            return make_dataclass(name, optional, namespace=own)
        case "frozen dataclass":
            return make_dataclass(name, optional, namespace=own, frozen=True, slots=True)
        case "named tuple":
            base = NamedTuple(f"{name}Fields", [(field, Any) for field in FIELDS])
            base.__new__.__defaults__ = (None,) * len(FIELDS)
            return type(name, (base,), {**own, "__slots__": ()})
    return type(name, (), own)


def cached(name: str) -> Any:
    made: Any = cached_property(lambda self: self.read(name))
    made.__set_name__(None, name)
    return made


def instance(form: str, type_name: str, entries: dict[str, Any]) -> Any:
    """An object whose fields are attributes that are there beforehand."""
    class_ = class_of(form, type_name)
    if form == "class itself":
        return type("ClassItself", (class_,), {"_type__typename": type_name, **entries})
    if form in ("dataclass", "frozen dataclass", "named tuple"):
        return class_(**entries)
    made = class_()
    for name, value in entries.items():
        setattr(made, name, value)
    return made


def namespace(type_name: str, entries: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**entries, _SimpleNamespace__typename=type_name)


MAPPINGS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "dict": dict,
    "plain dict": PlainDict,
    "own get": OwnGet,
    "user dict": UserDict,
    "chain map": lambda entries: ChainMap({}, entries),
    "read-only dict": MappingProxyType,
}
LAZY = ["properties", "cached properties", "computed", "keys"]
PLAIN = ["slots", "dataclass", "frozen dataclass", "named tuple", "attributes", "class itself"]
FORMS = ["dict", "dict", "dict", "namespace", *MAPPINGS, *PLAIN, *PLAIN, *LAZY]

# A meter also counts calls of classes, of a `get` in C, of a property that knows its value.
UNREPORTED = {"cached properties", "class itself", "plain dict", "read-only dict"}
REPORTED_CONTAINERS = [form for form in FORMS if form not in UNREPORTED]


def container(random: Random, type_name: str, entries: Entries, is_reported: bool) -> Recipe:
    """An object with those fields."""
    form = random.choice(REPORTED_CONTAINERS if is_reported else FORMS)
    text = f"{form} {type_name}({', '.join(f'{key}={each.text}' for key, each in entries.items())})"

    def values() -> dict[str, Any]:
        return {name: recipe.make() for name, recipe in entries.items()}

    if form == "keys":
        told = {"__typename": Recipe("", lambda: type_name)}
        return Recipe(text, lambda: Keys({**told, **entries}))
    if form in LAZY:
        return Recipe(text, lambda: class_of(form, type_name)(entries))
    # A plain attribute cannot raise, but what it holds can when it is called.
    entries = {
        name: called(recipe) if recipe.raises else recipe for name, recipe in entries.items()
    }
    if form in MAPPINGS:
        return Recipe(text, lambda: MAPPINGS[form]({"__typename": type_name, **values()}))
    if form == "namespace":
        return Recipe(text, lambda: namespace(type_name, values()))
    return Recipe(text, lambda: instance(form, type_name, values()))


def called(recipe: Recipe) -> Recipe:
    return Recipe(f"called {recipe.text}", lambda: Called(recipe))


class Objects:
    """Makes values for the types of a schema."""

    def __init__(self, random: Random, family: Family) -> None:
        self.random = random
        self.family = family

    def value(self, type_: Any, depth: int) -> Recipe:
        """A value for a position of a type."""
        if isinstance(type_, GraphQLNonNull):
            return self.value(type_.of_type, depth)
        choice = self.random.random()
        if choice < 0.03 and not self.family.is_reported:
            return oddity(self.random)
        if isinstance(type_, GraphQLList):
            return self.items(type_.of_type, depth)
        if choice < 0.06:
            return NULL
        if is_leaf_type(type_):
            return leaf(self.random, type_.name)
        return self.object(type_.name, depth - 1) if depth > 0 else NULL

    def items(self, type_: Any, depth: int) -> Recipe:
        count = self.random.choice([0, 1, 2, 3] if depth > 0 else [0, 1])
        items = [self.value(type_, depth - 1) for _ in range(count)]
        forms = REPORTED_FORMS if self.family.is_reported else LIST_FORMS
        form = self.random.choice(["list", "list", "list", "tuple", *forms])
        text = f"{form}[{', '.join(item.text for item in items)}]"
        return Recipe(text, lambda: LIST_FORMS[form]([item.make() for item in items]))

    def object(self, name: str, depth: int) -> Recipe:
        """An object of a type, or of one that is possible for it, or rarely of another."""
        type_ = self.family.schema.type_map[name]
        names = possible_types(self.family.schema, type_)
        name = self.random.choice(names if names and self.random.random() < 0.98 else OBJECTS)
        entries: Entries = {}
        for key, field in self.family.schema.type_map[name].fields.items():
            choice = self.random.random()
            if choice < 0.04:
                entries[key] = fault(self.random)
            elif choice < 0.95:
                recipe = self.value(field.type, depth)
                entries[key] = called(recipe) if self.random.random() < 0.1 else recipe
        return container(self.random, name, entries, self.family.is_reported)


def root_of(random: Random, family: Family, name: str) -> Recipe:
    """A root value, which is rarely no object at all."""
    if random.random() < 0.02 and not family.is_reported:
        return oddity(random)
    return Objects(random, family).object(name, 3)
