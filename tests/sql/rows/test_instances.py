"""Rows as instances: each kind of class, and what columns and a class must agree on."""

import dataclasses
import datetime
from typing import NamedTuple, TypedDict

import attrs
import msgspec
import pydantic
import pytest

from onecross import ShapeError


@dataclasses.dataclass
class Plain:
    number: int
    name: str


@dataclasses.dataclass(slots=True)
class Slots:
    number: int
    name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Frozen:
    number: int
    name: str


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class FrozenSlots:
    number: int
    name: str


@dataclasses.dataclass
class Further(Slots):
    """Inherits its fields, and its `__init__`."""


@attrs.define
class Attrs:
    number: int
    name: str


@attrs.frozen(slots=False)
class FrozenAttrs:
    number: int
    name: str


class Struct(msgspec.Struct):
    number: int
    name: str


class FrozenStruct(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    name: str


class Model(pydantic.BaseModel):
    number: int
    name: str


class Record(NamedTuple):
    name: str
    number: int


class Keys(TypedDict):
    number: int
    name: str


class Own:
    def __init__(self, number, name):
        self.number, self.name = number, name

    def __eq__(self, other):
        return vars(self) == vars(other)

    __hash__ = None


class Anything:
    def __init__(self, **values):
        vars(self).update(values)

    def __eq__(self, other):
        return vars(self) == vars(other)

    __hash__ = None


KINDS = [
    Plain,
    Slots,
    Frozen,
    FrozenSlots,
    Further,
    Attrs,
    FrozenAttrs,
    Struct,
    FrozenStruct,
    Model,
    Record,
    Keys,
    Own,
    Anything,
]
ROWS = [(1, "a"), (2, "ä"), (3, "b")]
SQL = "select column1 as number, column2 as name from (values (1, 'a'), (2, 'ä'), (3, 'b'))"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_of_class(strict, kind):
    made = strict.query(SQL).to(kind)
    assert made == [kind(number=number, name=name) for number, name in ROWS]
    assert {type(it) for it in made} == {type(kind(number=1, name="a"))}


@pytest.mark.parametrize("kind", KINDS[:-1], ids=lambda kind: kind.__name__)
def test_columns_that_are_missing_or_too_many_are_named(strict, kind):
    with pytest.raises(ShapeError, match="no column for 'name'"):
        strict.query("select 1 as number").to(kind)
    with pytest.raises(ShapeError, match="no place for 'c', 'd'"):
        strict.query("select 1 as number, 'a' as name, 3 as c, 4 as d").to(kind)
    with pytest.raises(ShapeError, match=r"no column for 'number', and .*no place for 'id'"):
        strict.query("select 1 as id, 'a' as name").to(kind)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_columns_may_have_other_names_than_the_class(strict, kind):
    rows = strict.query("select 'a' as name, 1 as id")
    assert rows.to(kind, rename={"id": "number"}) == [kind(number=1, name="a")]


def test_what_is_renamed_must_be_there(strict):
    with pytest.raises(ShapeError, match="rename names 'x', and the columns are 'number', 'name'"):
        strict.query(SQL).to(Plain, rename={"x": "number"})


def test_two_columns_for_one_attribute_are_told(strict):
    with pytest.raises(ShapeError, match="two columns are named 'number'"):
        strict.query("select 1 as number, 2 as number, 'a' as name").to(Plain)


def test_a_class_that_the_columns_do_not_fit_takes_no_rows(strict):
    rows = strict.query("select 1 as number")
    with pytest.raises(ShapeError):
        rows.to(Plain)
    assert rows.tuples() == [(1,)]


def test_only_classes(strict):
    with pytest.raises(ShapeError, match="instances of a class"):
        strict.query(SQL).to("Plain")


@dataclasses.dataclass(slots=True)
class WithDefaults:
    number: int
    name: str = "none"
    tags: list[str] = dataclasses.field(default_factory=list)


@attrs.define
class AttrsWithDefaults:
    number: int
    name: str = "none"
    tags: list[str] = attrs.Factory(list)


class StructWithDefaults(msgspec.Struct):
    number: int
    name: str = "none"
    tags: list[str] = []


class ModelWithDefaults(pydantic.BaseModel):
    number: int
    name: str = "none"
    tags: list[str] = pydantic.Field(default_factory=list)


class RecordWithDefaults(NamedTuple):
    number: int
    name: str = "none"
    tags: tuple[str, ...] = ()


DEFAULTS = [
    WithDefaults,
    AttrsWithDefaults,
    StructWithDefaults,
    ModelWithDefaults,
    RecordWithDefaults,
]


@pytest.mark.parametrize("kind", DEFAULTS, ids=lambda kind: kind.__name__)
def test_defaults_stand_for_columns_that_are_missing(strict, kind):
    made = strict.query("select 1 as number union all select 2").to(kind)
    assert (
        made == [kind(1), kind(2)]
        if kind is not ModelWithDefaults
        else [
            kind(number=1),
            kind(number=2),
        ]
    )
    if kind is not RecordWithDefaults:
        assert made[0].tags is not made[1].tags


def test_post_init_is_run(strict):
    @dataclasses.dataclass
    class Doubled:
        number: int
        double: int = dataclasses.field(init=False)

        def __post_init__(self):
            self.double = 2 * self.number

    assert strict.query("select 21 as number").to(Doubled)[0].double == 42


def test_variables_of_init_are_given(strict):
    @dataclasses.dataclass
    class Scaled:
        number: int
        scale: dataclasses.InitVar[int]

        def __post_init__(self, scale):
            self.number *= scale

    assert strict.query("select 21 as number, 2 as scale").to(Scaled) == [Scaled(21, 2)]


def test_an_init_of_the_class_is_run(strict):
    @dataclasses.dataclass
    class Upper:
        name: str

        def __init__(self, name):
            self.name = name.upper()

    assert strict.query("select 'a' as name").to(Upper)[0].name == "A"


def test_a_setattr_of_the_class_is_run(strict):
    @dataclasses.dataclass
    class Noted:
        number: int

        def __setattr__(self, name, value):
            object.__setattr__(self, name, value + 1)

    assert strict.query("select 1 as number").to(Noted)[0].number == 2


def test_properties_are_set_as_they_want_it(strict):
    @dataclasses.dataclass
    class Shown:
        number: int

    Shown.number = property(
        lambda self: self._number, lambda self, value: setattr(self, "_number", -value)
    )
    assert strict.query("select 1 as number").to(Shown)[0].number == -1


def test_converters_and_validators_are_run(strict):
    @attrs.define
    class Converted:
        number: int = attrs.field(converter=lambda value: value * 2)

    class Checked(pydantic.BaseModel):
        number: int

        @pydantic.field_validator("number")
        @classmethod
        def check(cls, value):
            if value > 1:
                raise ValueError("too large")
            return value

    assert strict.query("select 21 as number").to(Converted)[0].number == 42
    with pytest.raises(pydantic.ValidationError, match="too large"):
        strict.query("select 1 as number union all select 2").to(Checked)


def test_aliases_of_a_model_are_the_names(strict):
    class Aliased(pydantic.BaseModel):
        number: int = pydantic.Field(alias="id")

    assert strict.query("select 1 as id").to(Aliased) == [Aliased(id=1)]


def test_what_init_raises_comes_out(strict):
    class Refusing:
        def __init__(self, number):
            raise LookupError(number)

    with pytest.raises(LookupError, match="7"):
        strict.query("select 7 as number").to(Refusing)


def test_declared_types_reach_the_instances(facts):
    @dataclasses.dataclass(slots=True)
    class Sold:
        day: datetime.date | None
        sold: bool | None

    made = facts.query("select day, sold from facts").to(Sold)
    assert made == [Sold(datetime.date(2026, 11, 22), True), Sold(None, None)]


def test_a_class_that_was_changed_is_seen_so(strict):
    @dataclasses.dataclass
    class Changed:
        number: int

    assert strict.query("select 1 as number").to(Changed)[0].number == 1
    Changed.__post_init__ = lambda self: setattr(self, "number", 7)
    Changed.__init__ = lambda self, number: self.__post_init__()
    assert strict.query("select 1 as number").to(Changed)[0].number == 7
