"""Kinds of classes, each a person with the same fields; no Python code runs to read one."""

from collections import defaultdict, namedtuple
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple, TypedDict

import attrs
import msgspec
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

FIELDS = ("name", "age", "tags")


@dataclass
class PlainDataclass:
    name: str
    age: int | None
    tags: list[str]


@dataclass(slots=True)
class SlotsDataclass:
    name: str
    age: int | None
    tags: list[str]


@dataclass(frozen=True)
class FrozenDataclass:
    name: str
    age: int | None
    tags: list[str]


@dataclass(frozen=True, slots=True)
class FrozenSlotsDataclass:
    name: str
    age: int | None
    tags: list[str]


@dataclass
class InitVarDataclass:
    name: str
    born: InitVar[int | None]
    tags: list[str]
    age: int | None = None

    def __post_init__(self, born):
        self.age = born


@dataclass
class DefaultsDataclass:
    name: str
    age: int | None = None
    tags: list[str] = field(default_factory=list)


@dataclass
class DerivedDataclass(PlainDataclass):
    more: int = 0


@attrs.define
class Attrs:
    name: str
    age: int | None
    tags: list[str]


@attrs.define(slots=False)
class DictAttrs:
    name: str
    age: int | None
    tags: list[str]


@attrs.frozen
class FrozenAttrs:
    name: str
    age: int | None
    tags: list[str]


class Struct(msgspec.Struct):
    name: str
    age: int | None
    tags: list[str]


class FrozenStruct(msgspec.Struct, frozen=True, gc=False):
    name: str
    age: int | None
    tags: list[str]


class Model(BaseModel):
    name: str
    age: int | None
    tags: list[str]


class FrozenModel(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    age: int | None
    tags: list[str]


class AliasedModel(BaseModel):
    model_config = ConfigDict(validate_by_name=True)

    name: str = Field(alias="called")
    age: int | None = Field(alias="years")
    tags: list[str] = Field(alias="labels")


class PrivateModel(BaseModel):
    name: str
    age: int | None
    tags: list[str]
    _secret: int = PrivateAttr(default=5)


class DerivedModel(Model):
    more: int = 0


class Tuple(NamedTuple):
    name: str
    age: int | None
    tags: list[str]


class DerivedTuple(Tuple):
    """With a dict of its own."""


OldTuple = namedtuple("OldTuple", FIELDS)


class Typed(TypedDict):
    name: str
    age: int | None
    tags: list[str]


class DictSubclass(dict):
    __slots__ = ()


class Plain:
    def __init__(self, name, age, tags):
        self.name = name
        self.age = age
        self.tags = tags


class Slots:
    __slots__ = ("age", "name", "tags")

    def __init__(self, name, age, tags):
        self.name = name
        self.age = age
        self.tags = tags


class SlotsBase:
    __slots__ = ("name",)


class DerivedSlots(SlotsBase):
    __slots__ = ("age", "tags")

    __init__ = Slots.__init__


class SlotsBesideADict(SlotsBase):
    __init__ = Slots.__init__


class WithGetattr(Plain):
    def __getattr__(self, name):
        raise AttributeError(name)


class SlotsWithGetattr(Slots):
    __slots__ = ()

    __getattr__ = WithGetattr.__getattr__


class ManyAttributes(Plain):
    def __init__(self, name, age, tags):
        for number in range(40):
            setattr(self, f"attribute{number}", number)
        super().__init__(name, age, tags)


class DefaultedInTheClass:
    age = None
    tags = ()

    def __init__(self, name, age, tags):
        self.name = name
        self.tags = tags
        if age is not None:
            self.age = age


def materialised(name, age, tags):
    """An instance whose dict somebody has asked for."""
    person = Plain(name, age, tags)
    vars(person)
    return person


def replaced(name, age, tags):
    """An instance that was given another dict, with its keys in another order."""
    person = Plain(name, age, tags)
    person.__dict__ = {"tags": tags, "more": 0, "age": age, "name": name}
    return person


def keys_of_their_own(name, age, tags):
    """A dict whose keys are equal to the names and not the same objects, as of a decoder."""
    return {"".join(list(key)): value for key, value in zip(FIELDS, (name, age, tags), strict=True)}


def sparse(name, age, tags):
    """A dict without what is null, so that its keys stand elsewhere."""
    person = {"age": age, "name": name, "tags": tags}
    return {key: value for key, value in person.items() if value is not None}


def wide(name, age, tags):
    """A dict of more keys than one is made for."""
    return {f"key{number}": number for number in range(300)} | {
        "name": name,
        "age": age,
        "tags": tags,
    }


def split(name, age, tags):
    """The dict of an instance, whose values lie apart from their keys."""
    return vars(Plain(name, age, tags))


def defaulting(name, age, tags):
    return defaultdict(lambda: 7, name=name, age=age, tags=tags)


def named(make: Callable[..., Any]) -> Callable[..., Any]:
    """Makes something of names and values in the order of the fields."""
    return lambda *values: make(**dict(zip(FIELDS, values, strict=True)))


# Reading these runs no Python code.
SHAPES: dict[str, Callable[..., Any]] = {
    "a dataclass": PlainDataclass,
    "a dataclass with slots": SlotsDataclass,
    "a frozen dataclass": FrozenDataclass,
    "a frozen dataclass with slots": FrozenSlotsDataclass,
    "a dataclass with an InitVar": lambda name, age, tags: InitVarDataclass(name, age, tags),
    "a dataclass with defaults": DefaultsDataclass,
    "a dataclass that extends another": DerivedDataclass,
    "an attrs class": Attrs,
    "an attrs class with a dict": DictAttrs,
    "a frozen attrs class": FrozenAttrs,
    "a msgspec struct": Struct,
    "a frozen msgspec struct": FrozenStruct,
    "a pydantic model": named(Model),
    "a frozen pydantic model": lambda *values: FrozenModel(
        **dict(zip(FIELDS, values, strict=True))
    ),
    "a pydantic model with aliases": (
        lambda name, age, tags: AliasedModel(called=name, years=age, labels=tags)
    ),
    "a pydantic model with a private attribute": named(PrivateModel),
    "a pydantic model that extends another": named(DerivedModel),
    "a pydantic model made without validation": named(Model.model_construct),
    "a NamedTuple": Tuple,
    "a class that extends a NamedTuple": DerivedTuple,
    "a namedtuple": OldTuple,
    "a dict": named(dict),
    "a TypedDict": named(Typed),
    "a dict with keys of its own": keys_of_their_own,
    "a dict without nulls": sparse,
    "a wide dict": wide,
    "a dict of an instance": split,
    "a defaultdict": defaulting,
    "a class that extends dict": named(DictSubclass),
    "a plain object": Plain,
    "an object whose dict was asked for": materialised,
    "an object whose dict was replaced": replaced,
    "a namespace": lambda name, age, tags: SimpleNamespace(name=name, age=age, tags=tags),
    "an object with slots": Slots,
    "an object with inherited slots": DerivedSlots,
    "an object with slots and a dict": SlotsBesideADict,
    "an object with __getattr__": WithGetattr,
    "an object with slots and __getattr__": SlotsWithGetattr,
    "an object of many attributes": ManyAttributes,
    "an object with defaults in its class": DefaultedInTheClass,
}


def people(make: Callable[..., Any], count: int = 20) -> list[Any]:
    """Makes people of one kind, every third of them without an age."""
    return [
        make(f"Ada {number}", None if number % 3 == 0 else number, [f"näme {number}", "b"])
        for number in range(count)
    ]
