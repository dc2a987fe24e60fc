"""Random schemas with data to match, for tests of what must hold for all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
)
from hypothesis import strategies as st

__all__ = ["Case", "cases"]

# How the value of a field is got from the object.
WAYS = ["attribute", "property", "resolver", "resolver with argument", "method", "variable"]
# What the value is.
KINDS = [
    "integer",
    "text",
    "enum member",
    "enum name",
    "scalar",
    "null",
    "integers",
    "iterated integers",
    "wrong integer",
    "object",
    "objects",
    "checked object",
    "interface",
    "error",
    "not a list",
]
COMPOSITE = {"object", "objects", "checked object", "interface"}


class Colour(Enum):
    """An enum as users have it."""

    RED = 1
    GREEN = 2


class Countdown:
    """An iterator written in Python; unlike a generator it does not run again when it is freed."""

    def __init__(self) -> None:
        self.left = 3

    def __iter__(self) -> "Countdown":
        return self

    def __next__(self) -> int:
        if not self.left:
            raise StopIteration
        self.left -= 1
        return self.left


@dataclass
class Case:
    """A schema, a query that selects all of it, and what makes a root value to execute it with."""

    schema: GraphQLSchema
    query: str
    root: Callable[[], Any]
    variables: dict[str, Any] = field(default_factory=lambda: {"n": 3})


@dataclass(frozen=True)
class FieldPlan:
    """One field to be made: how its value is got, what it is, what is in it."""

    way: str
    kind: str
    non_null: bool
    inner: "ObjectPlan | None"


@dataclass(frozen=True)
class ObjectPlan:
    """One object type to be made, whose objects are instances of a class or dicts."""

    fields: tuple[FieldPlan, ...]
    is_dict: bool


def object_plans(depth: int) -> st.SearchStrategy[ObjectPlan]:
    kinds = [kind for kind in KINDS if depth or kind not in COMPOSITE]

    @st.composite
    def field_plan(draw: st.DrawFn) -> FieldPlan:
        kind = draw(st.sampled_from(kinds))
        inner = draw(object_plans(depth - 1)) if kind in COMPOSITE else None
        return FieldPlan(draw(st.sampled_from(WAYS)), kind, draw(st.booleans()), inner)

    fields = st.lists(field_plan(), min_size=1, max_size=4).map(tuple)
    return st.builds(ObjectPlan, fields, st.booleans())


class Maker:
    """Makes one case; each type gets a name of its own."""

    def __init__(self) -> None:
        self.types = 0
        self.colour = GraphQLEnumType("Colour", Colour)
        self.scalar = GraphQLScalarType("Twice", serialize=lambda value: [value, value])
        self.interfaces: list[GraphQLObjectType] = []

    def case(self, plan: ObjectPlan) -> Case:
        type_, make, selection = self.object(plan)
        schema = GraphQLSchema(type_, types=self.interfaces)
        query = f"query Everything($n: Int!) {selection}"
        if "$n)" not in selection:
            query = selection
        return Case(schema, query, make)

    def object(
        self, plan: ObjectPlan, **options: Any
    ) -> tuple[GraphQLObjectType, Callable[[], Any], str]:
        self.types += 1
        name = f"Type{self.types}"
        fields, makers, selections = {}, {}, []
        for number, each in enumerate(plan.fields):
            key = f"field{number}"
            output, value, selection = self.value(each)
            takes_argument = each.way in ("resolver with argument", "variable")
            fields[key] = GraphQLField(
                GraphQLNonNull(output) if each.non_null else output,
                args={"n": GraphQLArgument(GraphQLInt)} if takes_argument else None,
                resolve=resolver(value) if "resolver" in each.way else None,
            )
            if "resolver" not in each.way:
                makers[key] = (each.way, value)
            argument = {"variable": "(n: $n)", "resolver with argument": "(n: 7)"}
            selections.append(f"{key}{argument.get(each.way, '')} {selection}")
        type_ = GraphQLObjectType(name, fields, **options)
        return type_, maker(plan.is_dict, makers), "{ " + " ".join(selections) + " }"

    def value(self, plan: FieldPlan) -> tuple[Any, Callable[[], Any], str]:
        match plan.kind:
            case "integer":
                return GraphQLInt, lambda: 42, ""
            case "text":
                return GraphQLString, lambda: "naïve", ""
            case "enum member":
                return self.colour, lambda: Colour.GREEN, ""
            case "enum name":
                return self.colour, lambda: "no colour", ""
            case "scalar":
                return self.scalar, lambda: 21, ""
            case "null":
                return GraphQLInt, lambda: None, ""
            case "integers":
                return GraphQLList(GraphQLInt), lambda: [1, None, 3], ""
            case "iterated integers":
                return GraphQLList(GraphQLInt), Countdown, ""
            case "wrong integer":
                return GraphQLInt, lambda: "many", ""
            case "error":
                return GraphQLInt, fail, ""
            case "not a list":
                return GraphQLList(GraphQLInt), lambda: 5, ""
        assert plan.inner is not None
        if plan.kind == "checked object":
            return self.object(plan.inner, is_type_of=lambda value, info: True)
        if plan.kind == "interface":
            return self.interface(plan.inner)
        type_, make, selection = self.object(plan.inner)
        if plan.kind == "object":
            return type_, make, selection
        return GraphQLList(type_), lambda: [make(), make(), None], selection

    def interface(self, plan: ObjectPlan) -> tuple[Any, Callable[[], Any], str]:
        self.types += 1
        name = f"Interface{self.types}"
        interface = GraphQLInterfaceType(
            name,
            {"shared": GraphQLField(GraphQLInt)},
            resolve_type=lambda value, info, type_: implementation.name,
        )
        implementation, make, selection = self.object(plan, interfaces=lambda: [interface])
        implementation.fields["shared"] = GraphQLField(GraphQLInt)
        self.interfaces.append(implementation)
        return interface, make, f"{{ ... on {implementation.name} {selection} }}"


def fail() -> Any:
    raise ValueError("no value today")


def resolver(value: Callable[[], Any]) -> Callable[..., Any]:
    return lambda source, info, **arguments: value()


def method(value: Callable[[], Any]) -> Callable[..., Any]:
    return lambda info, **arguments: value()


def maker(is_dict: bool, fields: dict[str, tuple[str, Callable[[], Any]]]) -> Callable[[], Any]:
    """What makes an object; an error in a plain attribute has to be a property's or a method's."""

    def entries() -> Iterator[tuple[str, Any]]:
        for key, (way, value) in fields.items():
            if way in ("method", "variable"):
                yield key, method(value)
            elif is_dict or way == "attribute":
                try:
                    yield key, value()
                except ValueError as error:
                    yield key, error

    properties = {
        key: property(lambda self, value=value: value())
        for key, (way, value) in fields.items()
        if way == "property"
    }
    class_ = type("Plain", (), properties)

    def make() -> Any:
        if is_dict:
            return dict(entries())
        made = class_()
        for key, value in entries():
            setattr(made, key, value)
        return made

    return make


def cases() -> st.SearchStrategy[Case]:
    """Cases with up to four levels of objects."""
    return object_plans(3).map(lambda plan: Maker().case(plan))
