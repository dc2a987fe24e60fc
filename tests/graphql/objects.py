"""Kinds of Python objects that have a name and a size, each with the function that makes one."""

from collections import OrderedDict, UserDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType, SimpleNamespace
from typing import Any, ClassVar, NamedTuple


@dataclass
class Plain:
    name: Any
    size: Any


@dataclass(slots=True)
class Slotted:
    name: Any
    size: Any


@dataclass(frozen=True)
class Frozen:
    name: Any
    size: Any


@dataclass(frozen=True, slots=True)
class FrozenSlotted:
    name: Any
    size: Any


class Child(Plain):
    """An instance with a dict that inherits all it has."""


class SlottedChild(Slotted):
    __slots__ = ("more",)


class DictBelowSlots(Slotted):
    """Slots of the parent, and a dict of its own."""


class Properties:
    def __init__(self, name: Any, size: Any) -> None:
        self._name, self._size = name, size

    @property
    def name(self) -> Any:
        return self._name

    @property
    def size(self) -> Any:
        return self._size


class ClassDefaults:
    name: ClassVar[str] = "default"
    size: ClassVar[int] = -1

    def __init__(self, name: Any, _size: Any) -> None:
        self.name = name


class Computed:
    def __init__(self, name: Any, size: Any) -> None:
        self.values = {"name": name, "size": size}

    def __getattr__(self, attribute: str) -> Any:
        try:
            return self.values[attribute]
        except KeyError:
            raise AttributeError(attribute) from None


class Intercepted:
    def __init__(self, name: Any, size: Any) -> None:
        self.name, self.size = "hidden", size

    def __getattribute__(self, attribute: str) -> Any:
        value = super().__getattribute__(attribute)
        return "shown" if attribute == "name" else value


class Descriptor:
    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = f"_{name}"

    def __get__(self, instance: Any, owner: type) -> Any:
        return getattr(instance, self.attribute)


class Described:
    name = Descriptor()
    size = Descriptor()

    def __init__(self, name: Any, size: Any) -> None:
        self._name, self._size = name, size


class Overridden(Described):
    """A descriptor that only reads gives way to what is in the instance."""

    def __init__(self, name: Any, size: Any) -> None:
        super().__init__("behind", -1)
        self.__dict__.update(name=name, size=size)


class Pair(NamedTuple):
    name: Any
    size: Any


class Missing:
    def __init__(self, name: Any, _size: Any) -> None:
        self.name = name


class LooksUpKeys(Mapping[str, Any]):
    def __init__(self, name: Any, size: Any) -> None:
        self.entries = {"name": name, "size": size}

    name = "an attribute of a mapping is not asked for"

    def __getitem__(self, key: str) -> Any:
        return self.entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


class OverriddenGet(dict[str, Any]):
    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, default) or "nothing"


def emptied_slot(name: Any, size: Any) -> Slotted:
    item = Slotted(name, size)
    del item.size
    return item


def grown(name: Any, size: Any) -> Plain:
    item = Plain("other", size)
    for number in range(40):
        setattr(item, f"attribute_{number}", number)
    del item.name
    item.name = name
    return item


def class_itself(name: Any, size: Any) -> type:
    return type("Item", (), {"name": name, "size": size})


KINDS: dict[str, Callable[[Any, Any], Any]] = {
    "dataclass": Plain,
    "slots": Slotted,
    "frozen": Frozen,
    "frozen slots": FrozenSlotted,
    "inherited": Child,
    "inherited slots": SlottedChild,
    "slots and a dict": DictBelowSlots,
    "properties": Properties,
    "class attributes": ClassDefaults,
    "__getattr__": Computed,
    "__getattribute__": Intercepted,
    "descriptors": Described,
    "overridden descriptors": Overridden,
    "named tuple": Pair,
    "missing attribute": Missing,
    "mapping": LooksUpKeys,
    "emptied slot": emptied_slot,
    "many attributes": grown,
    "class": class_itself,
    "namespace": lambda name, size: SimpleNamespace(name=name, size=size),
    "dict": lambda name, size: {"size": size, "name": name, "more": 0},
    "missing key": lambda name, _size: {"name": name},
    "ordered dict": lambda name, size: OrderedDict(name=name, size=size),
    "user dict": lambda name, size: UserDict(name=name, size=size),
    "read-only dict": lambda name, size: MappingProxyType({"name": name, "size": size}),
    "overridden get": lambda name, size: OverriddenGet(name=name, size=size),
    "enum member": lambda _name, _size: Enum("Item", ["name", "size"]).size,
    "bare object": lambda _name, _size: object(),
    "int": lambda _name, _size: 7,
    "str": lambda _name, _size: "text",
}
