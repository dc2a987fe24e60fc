"""Attributes are read where their class keeps them, and classes change while that is done.

Each change happens in the middle of an execution: reading `touch` of the third object makes it.
"""

import gc
import weakref
from collections import namedtuple
from dataclasses import dataclass

import attrs
import msgspec
import pytest
from pydantic import BaseModel

COUNT = 6
ACTIONS = {}


class Touched:
    """Runs the action that is laid down for this object when `touch` is read."""

    __slots__ = ()

    @property
    def touch(self):
        ACTIONS.pop(id(self), int)()
        return 0


def items_of(class_, action):
    """Objects, the third of which changes the others, or their class, when it is touched."""
    items = [class_(number, number * 10) for number in range(COUNT)]
    ACTIONS[id(items[2])] = lambda: action(class_, items)
    return items


def plain_class():
    class Plain(Touched):
        def __init__(self, value, other):
            self.value = value
            self.other = other

    return Plain


def class_with_slots():
    class Slotted(Touched):
        __slots__ = ("__weakref__", "other", "value")

        def __init__(self, value, other):
            self.value = value
            self.other = other

    return Slotted


def frozen_dataclass():
    @dataclass(frozen=True)
    class Frozen(Touched):
        value: int
        other: int

    return Frozen


def slots_by_inheritance():
    class Base(Touched):
        __slots__ = ("value",)

    class Derived(Base):
        __slots__ = ("other",)

        def __init__(self, value, other):
            self.value = value
            self.other = other

    return Derived


def slots_beside_a_dict():
    class Base(Touched):
        __slots__ = ("value",)

    class Derived(Base):
        def __init__(self, value, other):
            self.value = value
            self.other = other

    return Derived


def many_attributes():
    class Many(Touched):
        def __init__(self, value, other):
            for number in range(40):
                setattr(self, f"attribute{number}", -number)
            self.value = value
            self.other = other

    return Many


def subclass_of_tuple():
    class Pair(tuple, Touched):
        def __new__(cls, value, other):
            return super().__new__(cls, (value, other))

        def __init__(self, value, other):
            self.value = value
            self.other = other

    return Pair


def subclass_of_int():
    class Number(int, Touched):
        def __new__(cls, value, other):
            return super().__new__(cls, value)

        def __init__(self, value, other):
            self.value = value
            self.other = other

    return Number


def attributes_in_any_order():
    class Mixed(Touched):
        def __init__(self, value, other):
            names = ["value", "other"] if value % 2 else ["other", "value"]
            for name in names:
                setattr(self, name, {"value": value, "other": other}[name])

    return Mixed


def missing(self, name):
    """Stands in for what is missing, but for what nobody but the frameworks asks for."""
    if name in {"value", "other"}:
        return -1
    raise AttributeError(name)


def class_with_getattr():
    class Asking(Touched):
        __getattr__ = missing

        def __init__(self, value, other):
            self.value = value
            self.other = other

    return Asking


def slots_with_getattr():
    class Asking(Touched):
        __slots__ = ("other", "value")
        __getattr__ = missing

        def __init__(self, value, other):
            self.value = value
            self.other = other

    return Asking


def dict_that_was_asked_for():
    class Asked(Touched):
        def __init__(self, value, other):
            self.value = value
            self.other = other
            vars(self)

    return Asked


def dict_that_was_replaced():
    class Replaced(Touched):
        def __init__(self, value, other):
            self.__dict__ = {"other": other, "value": value}

    return Replaced


def pydantic_model():
    class Model(BaseModel):
        value: int | None
        other: int | None

        def __init__(self, value, other):
            super().__init__(value=value, other=other)

        @property
        def touch(self):
            ACTIONS.pop(id(self), int)()
            return 0

    return Model


def msgspec_struct():
    class Struct(msgspec.Struct):
        value: int | None
        other: int | None

        @property
        def touch(self):
            ACTIONS.pop(id(self), int)()
            return 0

    return Struct


def attrs_class():
    @attrs.define
    class Attrs(Touched):
        value: int
        other: int

    return Attrs


def named_tuple():
    class Pair(Touched, namedtuple("Pair", ["value", "other"])):
        __slots__ = ()

    return Pair


# Their attributes may be set and deleted, and their classes changed.
OPEN_CLASSES = [
    class_with_getattr,
    slots_with_getattr,
    dict_that_was_asked_for,
    dict_that_was_replaced,
]

CLASSES = [
    plain_class,
    class_with_slots,
    frozen_dataclass,
    slots_by_inheritance,
    slots_beside_a_dict,
    many_attributes,
    subclass_of_tuple,
    subclass_of_int,
    attributes_in_any_order,
    *OPEN_CLASSES,
    pydantic_model,
    msgspec_struct,
    attrs_class,
    named_tuple,
]


@pytest.mark.parametrize("make_class", CLASSES)
def test_kinds_of_classes(answer, make_class):
    class_ = make_class()
    assert answer(lambda: items_of(class_, lambda *_: None)) == [
        {"value": number, "touch": 0, "other": number * 10} for number in range(COUNT)
    ]


def put_a_property_over_the_attribute(class_, items):
    class_.value = property(lambda self: 42)


def put_a_property_over_the_slot(class_, items):
    class_.other = property(lambda self: 42)


def put_a_plain_value_over(class_, items):
    class_.other = 42


def put_a_plain_value_under(class_, items):
    class_.unused = 42


def answer_for_value(self, name):
    if name == "value":
        return 42
    raise AttributeError(name)


def add_a_getattribute(class_, items):
    look_up = class_.__getattribute__
    class_.__getattribute__ = lambda self, name: 42 if name == "value" else look_up(self, name)


def add_a_getattr(class_, items):
    class_.__getattr__ = answer_for_value


def add_a_getattr_and_delete(class_, items):
    class_.__getattr__ = answer_for_value
    del items[4].value


def delete_an_attribute(class_, items):
    del items[2].other
    del items[4].value


def delete_what_was_deleted_and_set_it_again(class_, items):
    del items[4].value
    items[4].value = 7


def change_the_base(class_, items):
    class Other(Touched):
        __slots__ = ()

        @property
        def other(self):
            return 42

    class_.__bases__ = (Other,)


def change_a_base_from_afar(class_, items):
    class_.__mro__[1].value = property(lambda self: 42)


def take_the_getattr_away(class_, items):
    if "__getattr__" in vars(class_):
        del class_.__getattr__


def give_another_class(class_, items):
    class Other(class_):
        __slots__ = ()

        @property
        def value(self):
            return 42

    items[4].__class__ = Other


CHANGES = [
    put_a_property_over_the_attribute,
    put_a_property_over_the_slot,
    put_a_plain_value_over,
    put_a_plain_value_under,
    add_a_getattribute,
    add_a_getattr,
    take_the_getattr_away,
    give_another_class,
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("make_class", [*CLASSES[:6], *OPEN_CLASSES, attrs_class])
def test_a_class_that_changes_while_it_is_read(answer, make_class, change):
    def make_items():
        return items_of(make_class(), change)

    answer(make_items)


@pytest.mark.parametrize("make_class", [*CLASSES[:2], *CLASSES[3:6], *OPEN_CLASSES])
@pytest.mark.parametrize(
    "change",
    [add_a_getattr_and_delete, delete_an_attribute, delete_what_was_deleted_and_set_it_again],
)
def test_attributes_deleted_while_they_are_read(answer, make_class, change):
    answer(lambda: items_of(make_class(), change))


def test_another_base(answer):
    def make_class():
        class Base(Touched):
            __slots__ = ()

        class Plain(Base):
            def __init__(self, value, _other):
                self.value = value

        return Plain

    def make_items():
        return items_of(make_class(), change_the_base)

    assert [item["other"] for item in answer(make_items)] == [None, None, 42, 42, 42, 42]


def test_a_property_in_a_base(answer):
    def make_class():
        class Base(Touched):
            pass

        class Plain(Base):
            def __init__(self, value, other):
                self.__dict__.update(value=value, other=other)

        return Plain

    items = answer(lambda: items_of(make_class(), change_a_base_from_afar))
    assert [item["value"] for item in items] == [0, 1, 2, 42, 42, 42]


def touch_the_dict(class_, items):
    vars(items[3])
    vars(items[4])["value"] = 7


def replace_the_dict(class_, items):
    items[2].__dict__ = {"other": 5}
    items[4].__dict__ = {"value": 7, "other": 8, "more": 9}


def clear_the_dict(class_, items):
    items[4].__dict__.clear()
    items[2].__dict__.clear()


def delete_the_dict(class_, items):
    del items[4].__dict__
    items[4].value = 3


def add_keys_of_odd_kinds(class_, items):
    vars(items[4])[1] = 2
    vars(items[5])["".join(["va", "lue"])] = 9


def add_many_attributes(class_, items):
    for item in items[3:]:
        for number in range(40):
            setattr(item, f"attribute{number}", number)


def keep_the_dict_and_change_it(class_, items):
    kept = vars(items[4])
    items[4].__dict__ = {"value": -1, "other": -2}
    kept["value"] = 8
    del items[5].other


@pytest.mark.parametrize(
    "make_class",
    [
        plain_class,
        frozen_dataclass,
        many_attributes,
        attributes_in_any_order,
        class_with_getattr,
        dict_that_was_asked_for,
        dict_that_was_replaced,
    ],
)
@pytest.mark.parametrize(
    "change",
    [
        touch_the_dict,
        replace_the_dict,
        clear_the_dict,
        add_keys_of_odd_kinds,
        add_many_attributes,
        keep_the_dict_and_change_it,
    ],
)
def test_dicts_of_instances_that_change_while_they_are_read(answer, make_class, change):
    answer(lambda: items_of(make_class(), change))


def test_a_dict_that_is_deleted(answer):
    answer(lambda: items_of(plain_class(), delete_the_dict))


def test_a_slot_of_another_class_is_refused_as_in_python(answer):
    class Donor:
        __slots__ = ("value",)

    def steal(class_, items):
        class_.value = Donor.__dict__["value"]

    items = answer(lambda: items_of(class_with_slots(), steal))
    assert [item["value"] for item in items] == [0, 1, 2, None, None, None]


def test_a_slot_under_another_name(answer):
    def rename(class_, items):
        class_.value = class_.__dict__["other"]

    items = answer(lambda: items_of(class_with_slots(), rename))
    assert [item["value"] for item in items] == [0, 1, 2, 30, 40, 50]


def test_a_slot_that_is_deleted_from_its_class(answer):
    def delete(class_, items):
        del class_.value

    answer(lambda: items_of(class_with_slots(), delete))


def test_an_own_getattribute_decides(answer):
    class Deciding(Touched):
        def __init__(self, value, other):
            self.value = value
            self.other = other

        def __getattribute__(self, name):
            found = super().__getattribute__(name)
            return found + 1 if name == "value" else found

    items = answer(lambda: items_of(Deciding, lambda *_: None))
    assert [item["value"] for item in items] == [1, 2, 3, 4, 5, 6]


def test_a_metaclass_that_has_the_attribute(answer):
    class Meta(type):
        value = property(lambda cls: 7)
        other = 8
        touch = 0

    def make_items():
        class One(metaclass=Meta):
            pass

        class Two(metaclass=Meta):
            other = 9

        return [One, Two, One]

    items = answer(make_items)
    assert [(item["value"], item["other"]) for item in items] == [(7, 8), (7, 9), (7, 8)]


def test_a_class_variable_under_an_instance_attribute(answer):
    class Defaulting(Touched):
        value = -1
        other = -2

        def __init__(self, value, other):
            if value % 2:
                self.value = value

    items = answer(lambda: items_of(Defaulting, lambda *_: None))
    assert [item["value"] for item in items] == [-1, 1, -1, 3, -1, 5]


def classes_that_pass(count, references):
    """Yields an object of a class made for it, which nothing else keeps."""
    for number in range(count):
        if number % 4 == 1:
            class_ = type("Passing", (), {"value": number, "touch": 0, "other": -number})
            item = class_()
        elif number % 4 == 2:
            # Read by key or by attribute, as the framework has it.
            class_ = type("Passing", (dict,), {"__slots__": ("value", "other"), "touch": 0})
            item = class_(value=number, touch=0, other=-number)
            item.value = number
            item.other = -number
        elif number % 4 == 3:
            class_ = type("Passing", (), {"__getattr__": missing})
            item = class_()
            item.__dict__ = {"value": number, "touch": 0, "other": -number}
        else:
            class_ = type("Passing", (), {"__slots__": ("value", "other"), "touch": 0})
            item = class_()
            item.value = number
            item.other = -number
        references.append(weakref.ref(class_))
        yield item
        del class_, item
        if number % 500 == 0:
            # Classes are freed by the collector, and the next ones take their addresses.
            gc.collect()


def test_ten_thousand_classes_pass_and_none_is_kept(answer):
    references = []
    items = answer(lambda: classes_that_pass(2_500, references))
    assert items == [{"value": n, "touch": 0, "other": -n} for n in range(2_500)]
    del items
    gc.collect()
    assert len(references) >= 10_000
    assert not any(reference() for reference in references)
