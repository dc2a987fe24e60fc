"""Classes that are not what they seem: they are made as a call would make them, or refused."""

import abc
import collections
import ctypes
import dataclasses
import datetime
import enum
import gc
import io
import json
import types
from typing import Generic, NamedTuple, TypeVar

import attrs
import msgspec
import pydantic
import pytest

from onecross import ShapeError
from onecross.sql import ColumnError

SQL = "select 1 as a, 2 as b"


def test_an_init_that_exec_defined_is_run(strict):
    source = """
@dataclasses.dataclass
class Scaled:
    a: int
    b: int

    def __init__(self, a, b):
        self.a, self.b = 10 * a, 10 * b
"""
    namespace = {"dataclasses": dataclasses, "__name__": __name__}
    exec(source, namespace)
    made = strict.query(SQL).to(namespace["Scaled"])[0]
    assert (made.a, made.b) == (10, 20)


def test_a_class_with_abstract_methods_has_no_instances(strict):
    @dataclasses.dataclass
    class Abstract(abc.ABC):
        a: int
        b: int

        @abc.abstractmethod
        def area(self): ...

    with pytest.raises(TypeError, match="abstract class Abstract"):
        strict.query(SQL).to(Abstract)


class Structure(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int)]


@pytest.mark.parametrize(
    "base",
    [
        Exception,
        dict,
        list,
        set,
        bytearray,
        collections.OrderedDict,
        collections.deque,
        Structure,
        io.BytesIO,
        types.SimpleNamespace,
        types.ModuleType,
        float,
        tuple,
    ],
)
def test_a_dataclass_of_what_c_makes_is_made_as_by_a_call(strict, base):
    plain = type("Plain", (base,), {"__annotations__": {"a": int, "b": int}})
    made = strict.query(SQL).to(dataclasses.dataclass(eq=False)(plain))[0]
    assert (made.a, made.b) == (1, 2)
    assert isinstance(made, base)
    assert repr(made) == repr(plain(a=1, b=2))


@pytest.mark.parametrize("base", [int, datetime.date, str, bytes])
def test_a_dataclass_whose_base_takes_the_values_raises_as_the_call_does(strict, base):
    plain = dataclasses.dataclass(type("Plain", (base,), {"__annotations__": {"a": int, "b": int}}))
    with pytest.raises(Exception) as expected:  # noqa: PT011 - whatever the call raises
        plain(a=1, b=2)
    with pytest.raises(type(expected.value)):
        strict.query(SQL).to(plain)


def test_attributes_come_in_the_order_of_the_class(strict):
    @dataclasses.dataclass
    class Ordered:
        a: int
        b: int
        c: int = 3
        d: int = 4

    made = strict.query("select 4 as d, 2 as b, 1 as a").to(Ordered)[0]
    assert list(vars(made).items()) == list(vars(Ordered(1, 2)).items())


def test_what_holds_a_tuple_that_is_not_whole_sees_none(strict):
    class Record(NamedTuple):
        a: int
        b: object

    seen = []

    class Dying(Record):
        def __del__(self):
            seen.append(list(self))

    with pytest.raises(ColumnError, match="no JSON"):
        strict.query("select 1 as a, '{' as b", types={"b": "JSON"}).to(Dying)
    assert seen == [[1, None]]


def test_who_finds_a_tuple_that_is_not_whole_can_look_at_it(strict, monkeypatch):
    class Record(NamedTuple):
        a: int
        b: object

    seen = []
    decode = json.JSONDecoder.decode

    def look(decoder, text):
        seen.extend(repr(it) for it in gc.get_objects() if type(it) is Record)
        return decode(decoder, text)

    monkeypatch.setattr(json.JSONDecoder, "decode", look)
    assert strict.query("select 1 as a, '[2]' as b", types={"b": "JSON"}).to(Record) == [(1, [2])]
    assert seen == ["Record(a=1, b=None)"]


def test_a_tuple_with_fields_and_a_new_of_its_own_is_called(strict):
    class Scaled(tuple):
        __slots__ = ()
        _fields = ("a", "b")

        def __new__(cls, a, b):
            return tuple.__new__(cls, (10 * a, 10 * b))

        @classmethod
        def _make(cls, items):
            return tuple.__new__(cls, items)

    assert strict.query(SQL).to(Scaled) == [(10, 20)]


class Calling(type):
    def __call__(cls, *arguments, **named):
        return "called", named


class Record(NamedTuple):
    a: int
    b: int = 5


class CalledRecord(Record, metaclass=Calling):
    pass


@dataclasses.dataclass
class CalledPlain(metaclass=Calling):
    a: int
    b: int


@attrs.define
class CalledAttrs(metaclass=Calling):
    a: int
    b: int


@pytest.mark.parametrize("kind", [CalledRecord, CalledPlain, CalledAttrs])
def test_a_metaclass_that_is_called_instead_is(strict, kind):
    assert strict.query(SQL).to(kind) == [("called", {"a": 1, "b": 2})]


class CustomModel(pydantic.BaseModel):
    a: int
    b: int

    def __init__(self, **values):
        super().__init__(**{name: 10 * value for name, value in values.items()})


class RootModel(pydantic.RootModel[int]):
    pass


class PathModel(pydantic.BaseModel):
    a: int = pydantic.Field(validation_alias=pydantic.AliasPath("b", 0))


class ChoiceModel(pydantic.BaseModel):
    a: int = pydantic.Field(validation_alias=pydantic.AliasChoices("x", "y"))


class NamedModel(pydantic.BaseModel, populate_by_name=True):
    a: int = pydantic.Field(alias="x")


class ExtraModel(pydantic.BaseModel, extra="allow", frozen=True):
    a: int
    _private: int = pydantic.PrivateAttr(default=7)

    @pydantic.computed_field
    @property
    def double(self) -> int:
        return 2 * self.a


def test_models_are_made_as_pydantic_makes_them(strict):
    assert strict.query(SQL).to(CustomModel)[0].model_dump() == {"a": 10, "b": 20}
    assert strict.query("select 1 as root").to(RootModel) == [RootModel(1)]
    rows = strict.query("select '[3]' as b", types={"b": "JSON"})
    assert rows.to(PathModel)[0].a == 3
    for name in ("x", "y"):
        assert strict.query(f"select 3 as {name}").to(ChoiceModel)[0].a == 3
    for name in ("x", "a"):
        assert strict.query(f"select 3 as {name}").to(NamedModel)[0].a == 3
    extra = strict.query(SQL).to(ExtraModel)[0]
    assert (extra, extra._private, extra.double) == (ExtraModel(a=1, b=2), 7, 2)


@pytest.mark.parametrize("kind", [ChoiceModel, NamedModel])
def test_a_model_judges_whether_one_of_its_names_is_given(strict, kind):
    class Further(kind):
        b: int

    with pytest.raises(pydantic.ValidationError, match="Field required"):
        strict.query("select 1 as b").to(Further)


def test_a_struct_is_made_as_msgspec_makes_it(strict):
    class Base(msgspec.Struct, kw_only=True):
        a: int

    class Further(Base, frozen=True, gc=False, rename="camel", tag=True):
        b: int = 1
        items: list[int] = []  # noqa: RUF012 - msgspec copies it

        def __post_init__(self):
            self.items.append(self.a)

    made = strict.query("select 1 as a union all select 2").to(Further)
    assert [(it.a, it.b, it.items) for it in made] == [(1, 1, [1]), (2, 1, [2])]
    with pytest.raises(ShapeError, match="no column for 'a'"):
        strict.query("select 1 as b").to(Further)


def test_attrs_that_do_more_than_set_are_called(strict):
    calls = []

    @attrs.define(on_setattr=lambda instance, attribute, value: calls.append(value) or value)
    class Hooked:
        a: int
        b: int

    @attrs.frozen(cache_hash=True)
    class Hashed:
        a: int
        b: int

    @attrs.define
    class Private:
        a: int
        _b: int

    assert strict.query(SQL).to(Hooked) == [Hooked(1, 2)]
    assert hash(strict.query(SQL).to(Hashed)[0]) == hash(Hashed(1, 2))
    assert strict.query(SQL).to(Private) == [Private(1, 2)]


def test_generic_classes_and_weak_references(strict):
    item = TypeVar("item")

    @dataclasses.dataclass(slots=True, weakref_slot=True)
    class Box(Generic[item]):
        a: item
        b: item

    assert strict.query(SQL).to(Box) == [Box(1, 2)]
    with pytest.raises(ShapeError, match="instances of a class"):
        strict.query(SQL).to(Box[int])


def test_slots_of_several_classes(strict):
    class First:
        __slots__ = ("a",)

    @dataclasses.dataclass
    class Second(First):
        __slots__ = ("b",)
        a: int
        b: int

    class Other:
        __slots__ = ("a",)

    @dataclasses.dataclass
    class Borrowing:
        a: int

    Borrowing.a = Other.a
    made = strict.query(SQL).to(Second)[0]
    assert (made.a, made.b, hasattr(made, "__dict__")) == (1, 2, False)
    with pytest.raises(TypeError, match="doesn't apply"):
        strict.query("select 1 as a").to(Borrowing)


def test_members_of_an_enumeration(strict):
    class Colour(enum.Enum):
        RED = 1

    assert strict.query("select 1 as value").to(Colour) == [Colour.RED]
    with pytest.raises(ValueError, match="2 is not a valid"):
        strict.query("select 2 as value").to(Colour)
    with pytest.raises(ShapeError, match="it has no place for 'names'"):
        strict.query("select 1 as value, 'BLUE' as names").to(Colour)


@pytest.mark.parametrize("kind", [int, str, type, object, list])
def test_classes_that_take_no_names_are_refused(strict, kind):
    with pytest.raises(ShapeError):
        strict.query(SQL).to(kind)


class Same(str):
    __slots__ = ()

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash("a")

    def __str__(self):
        raise AssertionError


@pytest.mark.parametrize("rename", [5, ["a"], "a", {"a": 1}, {1: "a"}, {"a": None}])
def test_what_renames_must_be_names(strict, rename):
    with pytest.raises(TypeError, match="rename must be a mapping of names"):
        strict.query(SQL).to(Record, rename=rename)


def test_a_name_is_what_it_says_and_not_what_it_equals(strict):
    with pytest.raises(ShapeError, match="no place for 'c'"):
        strict.query(SQL).to(Record, rename={"a": Same("c")})
    assert strict.query(SQL).to(Record, rename={Same("a"): Same("b"), "b": "a"}) == [(2, 1)]


def test_a_class_that_changes_itself_while_it_is_read(strict):
    @dataclasses.dataclass
    class Changing:
        a: int
        b: int

    def change(value):
        if value < 1500:
            return value
        Changing.a = property(lambda self: 0, lambda self, value: None)
        Changing.__slots__ = ("a", "b")
        Changing.__new__ = lambda cls, *arguments, **named: None
        return value

    strict.create_function("change", 1, change)
    sql = "with recursive n(i) as (select 1 union all select i + 1 from n limit 3000)"
    made = strict.query(f"{sql} select change(i) as a, i as b from n").to(Changing)
    assert [it.b for it in made] == list(range(1, 3001))
    assert {type(it) for it in made} == {Changing}


@pytest.mark.parametrize("is_enabled", [True, False])
def test_the_collector_is_left_as_it_was(strict, is_enabled):
    @dataclasses.dataclass(slots=True)
    class Dying:
        a: int
        b: object

        def __del__(self):
            gc.collect()

    if not is_enabled:
        gc.disable()
    try:
        with pytest.raises(ColumnError):
            strict.query("select 1 as a, '{' as b", types={"b": "JSON"}).to(Dying)
        strict.query(SQL).to(Dying)
        strict.query(SQL).tuples()
        assert gc.isenabled() is is_enabled
    finally:
        gc.enable()
