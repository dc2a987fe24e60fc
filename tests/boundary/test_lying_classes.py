"""Objects that pass for others, and classes whose lookup runs anybody's code."""

import collections
import contextvars
import functools
import gc
import weakref
from typing import Any
from unittest.mock import NonCallableMock

import pytest
from graphql import build_schema, execute_sync, parse

import onecross
from onecross.graphql import Engine

SCHEMA = build_schema("type Query { items: [Item] attr: String } type Item { a: String }")


class Plain:
    a = "attribute"


class Keyed(collections.UserDict):
    pass


class Lazy:
    """Passes for what it wraps, as lazy objects of web frameworks do."""

    def __init__(self, wrapped: object) -> None:
        object.__setattr__(self, "_wrapped", wrapped)

    __class__ = property(lambda self: type(self._wrapped))

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_wrapped"), name)


@pytest.mark.parametrize("wrap", [weakref.proxy, Lazy], ids=["weakref.proxy", "lazy"])
def test_each_proxy_is_taken_for_what_it_stands_for(wrap):
    plain, keyed = Plain(), Keyed(a="key")
    root = {"items": [wrap(plain), wrap(keyed), wrap(plain)]}
    expected = execute_sync(SCHEMA, parse("{ items { a } }"), root).data
    assert expected == {"items": [{"a": "attribute"}, {"a": "key"}, {"a": "attribute"}]}
    engine = Engine(SCHEMA)
    assert engine.execute_sync("{ items { a } }", root).data == expected
    assert engine.execute_sync("{ items { a } }", root).data == expected


class PassesForAnError:
    __class__ = ValueError


class CannotSay:
    @property
    def __class__(self):
        raise LookupError("no class")


@pytest.mark.parametrize("make", [PassesForAnError, CannotSay, lambda: NonCallableMock(ValueError)])
def test_what_passes_for_an_error_is_taken_for_one(make):
    root = {"items": [{"a": make()}, make(), {"a": "b"}], "attr": make()}
    expected = execute_sync(SCHEMA, parse("{ items { a } attr }"), root)
    assert expected.data == {"items": [{"a": None}, None, {"a": "b"}], "attr": None}
    result = Engine(SCHEMA).execute_sync("{ items { a } attr }", root)
    assert result.formatted == expected.formatted


def test_a_property_is_asked_once():
    calls = []

    def get(_self):
        calls.append("property")
        raise AttributeError

    class Falling:
        attr = property(functools.partial(get))

        def __getattr__(self, name):
            calls.append(name)
            return "else"

    assert Engine(SCHEMA).execute_sync("{ attr }", Falling()).data == {"attr": "else"}
    assert calls == ["property", "attr"]


# CPython 3.13 warns of such a class when it is made.
@pytest.mark.filterwarnings("ignore:non-string key:RuntimeWarning")
def test_a_key_of_a_class_may_change_another_class_while_it_is_compared():
    class Key:
        armed = False

        def __hash__(self) -> int:
            return hash("__get__")

        def __eq__(self, other: object) -> bool:
            if Key.armed and "attr" in vars(Owner):
                del Owner.attr
                gc.collect()
            return False

    descriptor = type("Descriptor", (), {Key(): None})

    class Owner:
        attr = descriptor()

    engine = Engine(SCHEMA)
    Key.armed = True
    assert engine.execute_sync("{ attr }", Owner()).data == {"attr": None}


def test_a_meter_that_is_never_left_is_collected_with_its_context():
    class Marker:
        pass

    variable: contextvars.ContextVar[Marker] = contextvars.ContextVar("marker")

    def abandon() -> weakref.ref[Marker]:
        marker = Marker()
        variable.set(marker)
        onecross.meter().__enter__()
        return weakref.ref(marker)

    found = contextvars.Context().run(abandon)
    gc.collect()
    assert found() is None


def test_sources_are_not_confused_whatever_their_names():
    from graphql import Source

    engine = Engine(SCHEMA)
    body = "{attr}"
    assert engine.execute_sync(Source(body, "n:1:1:#"), {"attr": "x"}).data == {"attr": "x"}
    result = engine.execute_sync(Source("#" + body, "n:1:1:"), {"attr": "x"})
    assert result.data is None
    assert result.errors
