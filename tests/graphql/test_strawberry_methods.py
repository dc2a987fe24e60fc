"""Functions of the user's behind fields of Strawberry: called as Strawberry calls them."""

import sys
import traceback
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, Generic, NewType, TypeVar

import pytest
import strawberry
from reference import check
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info, field, get_object_definition
from strawberry.types.fields.resolver import StrawberryResolver

import onecross
from onecross.graphql import Engine

T = TypeVar("T")


@strawberry.enum
class Size(Enum):
    SMALL = "s"
    LARGE = "l"


@strawberry.input
class Order:
    count: int
    note: str | None = strawberry.UNSET
    sizes: list[Size] = strawberry.field(default_factory=list)


Reversed = NewType("Reversed", str)
SCALARS = {
    Reversed: strawberry.scalar(
        name="Reversed",
        serialize=lambda value: value[::-1],
        parse_value=lambda value: Reversed(value[::-1]),
    )
}


def by_root(root: Any, times: int = 1) -> str:
    return f"{root.name * times}"


def by_nothing(times: int = 1) -> str:
    return "nothing" * times


def by_parent(info: Info, me: strawberry.Parent[Any], times: int) -> str:
    return f"{me.name} {info.field_name} {times}"


@strawberry.interface
class Named:
    name: str

    @strawberry.field
    def label(self, before: str = "<", after: str = ">") -> str:
        return f"{before}{self.name}{after}"

    @strawberry.field
    def kind(self) -> str:
        return "named"


@strawberry.type
class Product(Named):
    price: int
    root: str = strawberry.field(resolver=by_root)
    nothing: str = strawberry.field(resolver=by_nothing)
    parent: str = strawberry.field(resolver=by_parent)

    @strawberry.field
    def kind(self) -> str:
        return f"product {super().label()}"

    @strawberry.field
    @staticmethod
    def fixed(times: int = 2) -> int:
        return 7 * times

    @strawberry.field
    @classmethod
    def class_name(cls, suffix: str = "") -> str:
        return cls.__name__ + suffix

    @strawberry.field
    def told(self, about: Info, quantity: int = 1) -> str:
        path = about.path.as_list()
        return f"{path} {about.python_name} {about.variable_values} {quantity} {about.context}"

    @strawberry.field
    def sized(self, size: Size, sizes: list[Size] | None = None) -> Size | None:
        return sizes[0] if sizes else size

    @strawberry.field
    def order(self, order: Order) -> str:
        order.sizes.append(self.name)
        order.count += self.price
        return f"{order.count} {order.note} {order.sizes}"

    @strawberry.field
    def collect(self, values: list[int] = [1]) -> list[int]:  # noqa: B006 - that it is copied
        values.append(self.price)
        return values

    @strawberry.field
    def optional(
        self,
        maybe: strawberry.Maybe[int],
        unset: int | None = strawberry.UNSET,
        renamed: Annotated[str, strawberry.argument(name="as")] = "x",
    ) -> str:
        return f"{maybe} {unset} {renamed}"

    @strawberry.field
    def reverse(self, text: Reversed, identity: strawberry.ID) -> Reversed:
        return Reversed(f"{text} {identity}")

    @strawberry.field
    def fail(self, at: int = 3) -> int:
        if self.price >= at:
            message = f"{self.name} failed"
            raise ValueError(message)
        return self.price


@strawberry.type
class Box(Generic[T]):
    content: T

    @strawberry.field
    def twice(self, times: int = 2) -> list[T]:
        return [self.content] * times


@strawberry.type
class Query:
    @strawberry.field
    def products(self, count: int = 4) -> list[Product]:
        return [Product(name=f"p{number}", price=number) for number in range(count)]

    @strawberry.field
    def named(self) -> list[Named]:
        return [Product(name=f"n{number}", price=number) for number in range(3)]

    @strawberry.field
    def box(self) -> Box[int]:
        return Box(content=5)

    @strawberry.field
    def boxes(self) -> list[Box[str]]:
        return [Box(content="a"), Box(content="b")]


SCHEMA = strawberry.Schema(Query, types=[Product], scalar_overrides=SCALARS)

QUERIES = [
    '{ products { label a: label(before: "") } }',
    '{ products { label(after: "]") kind nothing fixed className b: className(suffix: "!") } }',
    "{ products { root parent(times: 3) r: root(times: 2) n: nothing(times: 0) } }",
    "{ products { nothing fixed f: fixed(times: 1) } }",
    "{ products { told } other: products(count: 1) { t: told(quantity: 3) } }",
    "{ products { sized(size: LARGE) s: sized(size: SMALL, sizes: [LARGE, SMALL]) } }",
    "{ products { order(order: {count: 1, sizes: [SMALL]}) o: order(order: {count: 2}) } }",
    '{ products { order(order: {count: 2, note: ""}) } }',
    "{ products { collect c: collect(values: [7, 8]) } again: products { collect } }",
    '{ products { optional a: optional(maybe: 1, unset: null, as: "y") } }',
    '{ products { reverse(text: "abc", identity: 12) } }',
    "{ named { name label kind ... on Product { price root } } }",
    "{ box { content twice } boxes { twice(times: 1) } }",
]


@pytest.mark.parametrize("query", QUERIES)
def test_answers_are_those_of_strawberry(query: str) -> None:
    check(SCHEMA, query, context="context")


def test_arguments_from_variables() -> None:
    query = """
      query ($n: Int, $size: Size! = LARGE, $order: Order!, $list: [Int!]!, $as: String!) {
        products { sized(size: $size) order(order: $order) collect(values: $list)
                   optional(unset: $n, as: $as, maybe: $n) told(quantity: $n) }
      }
    """
    order = {"count": 3, "note": None, "sizes": ["SMALL"]}
    for given in ({}, {"n": 5}, {"size": "SMALL"}):
        check(SCHEMA, query, variables={"order": order, "list": [1], "as": "z", **given})


def test_errors_are_those_of_the_function() -> None:
    result = check(SCHEMA, "{ products { name fail } }")
    assert [error.message for error in result.errors or ()] == ["p3 failed"]
    ours = Engine(SCHEMA).execute_sync("{ products { fail } }").errors
    theirs = SCHEMA.execute_sync("{ products { fail } }").errors
    assert ours is not None
    assert theirs is not None
    for error in (*ours, *theirs):
        assert error.original_error is not None
        frame = traceback.extract_tb(error.original_error.__traceback__)[-1]
        assert (frame.filename, frame.name) == (__file__, "fail")


def test_a_function_that_is_called_wrongly() -> None:
    @strawberry.type
    class Root:
        number: int

    get_object_definition(Root, strict=True).fields[0].base_resolver = StrawberryResolver(
        lambda: 1 if len("") else "no number"
    )
    check(strawberry.Schema(Root), "{ number }")


def counted(schema: strawberry.Schema, query: str, root: Any = None) -> int:
    """The calls out of a warm execution."""
    engine = Engine(schema)
    engine.execute_json_sync(query, root)
    with onecross.meter() as meter:
        assert engine.execute_json_sync(query, root).errors is None
    return meter.calls_out


@pytest.mark.parametrize(
    ("selection", "each"),
    [
        ("nothing", 1),
        ("label", 1),
        ('label(before: "-")', 1),
        ("sized(size: LARGE)", 1),
        ("className", 1),
        ("parent(times: 1)", 1),
        # Arguments that a function could change are made anew: coerced, then converted.
        ("collect", 3),
        ("order(order: {count: 1})", 3),
    ],
)
def test_each_object_costs_as_few_crossings_as_can_be(
    crossings: Callable[[], Any], selection: str, each: int
) -> None:
    few = counted(SCHEMA, f"{{ products(count: 1) {{ {selection} }} }}")
    many = counted(SCHEMA, f"{{ products(count: 101) {{ {selection} }} }}")
    assert many - few == 100 * each
    engine = Engine(SCHEMA)
    query = f"{{ products(count: 5) {{ {selection} }} }}"
    engine.execute_json_sync(query)
    with onecross.meter() as meter, crossings() as seen:
        engine.execute_json_sync(query)
    assert meter.calls_out == len(seen.calls_out), seen.calls_out


def test_explain_tells_methods_and_functions() -> None:
    text = Engine(SCHEMA).explain("{ products { label nothing told name } }")
    rows = [line.split("  ") for line in text.splitlines()[2:]]
    told = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert told == [
        [
            *("products", "[Product!]!"),
            "method products of Query, checked by is_type_of, once for each class",
            "1",
        ],
        ["label", "String!", "method label of Product", "1"],
        ["nothing", "String!", "function by_nothing", "1"],
        ["told", "String!", "method told of Product", "1"],
        ["name", "String!", "attribute name", "0"],
    ]


class CountedInfo(Info):
    made = 0

    def __init__(self, *, _raw_info: Any, _field: Any) -> None:
        super().__init__(_raw_info, _field)
        type(self).made += 1


class NamedInfo(Info):
    @property
    def shout(self) -> str:
        return self.field_name.upper()


def test_an_info_class_of_the_users() -> None:
    @strawberry.type
    class Root:
        @strawberry.field
        def shout(self, info: NamedInfo) -> str:
            return info.shout

        @strawberry.field
        def silent(self) -> int:
            return 1

    named = strawberry.Schema(Root, config=StrawberryConfig(info_class=NamedInfo))
    check(named, "{ shout silent }")
    assert counted(named, "{ silent }") == 1
    schema = strawberry.Schema(Root, config=StrawberryConfig(info_class=CountedInfo))
    CountedInfo.made = 0
    schema.execute_sync("{ silent a: silent }")
    assert CountedInfo.made == 2
    Engine(schema).execute_sync("{ silent a: silent }")
    assert CountedInfo.made == 4


def test_info_is_as_strawberrys_constructor_makes_it() -> None:
    @strawberry.type
    class Root:
        @strawberry.field
        def same(self, info: Info) -> bool:
            made = Info(_raw_info=info._raw_info, _field=info._field)
            return info == made and list(vars(info)) == list(vars(made)) and type(info) is Info

    schema = strawberry.Schema(Root)
    check(schema, "{ same }")
    assert schema.execute_sync("{ same }").data == {"same": True}


@pytest.mark.parametrize("when", ["before", "after"])
def test_code_of_others_in_the_making_of_info(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    @strawberry.type
    class Root:
        @strawberry.field
        def note(self, info: Info) -> str:
            return f"{vars(info).get('note')} {info.field_name}"

    original = Info.__init__

    def instead(self: Info, *args: Any, **kwargs: Any) -> None:
        vars(self)["note"] = "made"
        original(self, *args, **kwargs)

    schema = strawberry.Schema(Root)
    engine = Engine(schema)
    monkeypatch.setattr(Info, "__init__", instead)
    if when == "before":
        engine = Engine(schema)
    assert engine.execute_sync("{ note }").data == {"note": "made note"}


def test_inputs_that_make_themselves_see_info() -> None:
    class Made:
        @classmethod
        def from_input(cls, type_: Any, value: Any, context: Any) -> str:
            return f"{value} {context.info.field_name} {context.path}"

    @strawberry.input
    class Given:
        number: int

    get_object_definition(Given, strict=True).from_input = Made.from_input

    @strawberry.type
    class Root:
        @strawberry.field
        def show(self, given: Given) -> str:
            return f"{given}"

    check(strawberry.Schema(Root), "{ a: show(given: {number: 1}) b: show(given: {number: 1}) }")


NAMES = ["info", "_source", "source", "args", "kwargs", "cls", "field", "root_"]


@pytest.mark.parametrize("name", NAMES)
def test_arguments_by_the_names_that_strawberry_uses(name: str) -> None:
    namespace: dict[str, Any] = {}
    code = f"def resolve(self, {name}: int = 1) -> str: return 'got ' + str({name})"
    exec(code, {"__name__": __name__}, namespace)

    @strawberry.type
    class Root:
        value: str = strawberry.field(resolver=namespace["resolve"])

    config = StrawberryConfig(auto_camel_case=False)
    argument = "" if name == "cls" else f"({name}: 2)"
    check(strawberry.Schema(Root, config=config), f"{{ value a: value{argument} }}", Root())


class Louder(field.StrawberryField):
    def get_result(self, source: Any, info: Any, args: Any, kwargs: Any) -> Any:
        return f"{super().get_result(source, info, args, kwargs)}!"


def test_a_field_class_with_a_way_of_its_own() -> None:
    @strawberry.type
    class Root:
        text: str = Louder(base_resolver=StrawberryResolver(lambda: "loud"), python_name="text")

        @strawberry.field
        def other(self) -> str:
            return "other"

    Root.__annotations__["text"] = str
    assert check(strawberry.Schema(Root), "{ text other }").data == {
        "text": "loud!",
        "other": "other",
    }


def changeable() -> tuple[strawberry.Schema, Any]:
    @strawberry.type
    class Root:
        @strawberry.field
        def text(self, times: int = 2) -> str:
            return "a" * times

    return strawberry.Schema(Root), get_object_definition(Root, strict=True).fields[0]


def replace_base_resolver(definition: Any) -> None:
    def text(times: int = 2) -> str:
        return "b" * times

    definition.base_resolver = StrawberryResolver(text)


def replace_wrapped_function(definition: Any) -> None:
    definition.base_resolver.wrapped_func = lambda *_, times: "c" * times


def add_extension(definition: Any) -> None:
    class Mapping(strawberry.extensions.FieldExtension):
        def map_arguments(self, kwargs: dict[str, Any]) -> dict[str, Any]:
            return {"times": kwargs["times"] + 3}

    definition.extensions.append(Mapping())


@pytest.mark.parametrize("change", [replace_base_resolver, replace_wrapped_function, add_extension])
def test_a_field_changed_after_the_engine_was_made(change: Callable[[Any], None]) -> None:
    schema, definition = changeable()
    engine = Engine(schema)
    query = "{ text a: text(times: 1) }"
    before = schema.execute_sync(query, root_value=object()).data
    assert engine.execute_sync(query, object()).data == before
    change(definition)
    after = schema.execute_sync(query, root_value=object()).data
    assert after != before
    assert engine.execute_sync(query, object()).data == after


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (field.StrawberryField, "get_result"),
        (StrawberryResolver, "__call__"),
        (sys.modules["strawberry.schema.schema_converter"], "get_arguments"),
        (sys.modules["strawberry.schema.schema_converter"], "convert_arguments"),
    ],
)
def test_code_of_others_in_the_place_of_strawberrys(
    monkeypatch: pytest.MonkeyPatch, when: str, owner: Any, name: str
) -> None:
    schema, _ = changeable()
    engine = Engine(schema)
    calls = []
    original = getattr(owner, name)

    def instead(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        return original(*args, **kwargs)

    instead.__module__, instead.__qualname__ = original.__module__, original.__qualname__
    monkeypatch.setattr(owner, name, instead)
    if when == "before":
        engine = Engine(schema)
    assert engine.execute_sync("{ text }", object()).data == {"text": "aa"}
    assert calls == [name]


def test_a_function_that_calls_the_engine_that_calls_it() -> None:
    engines: list[Engine] = []

    @strawberry.type
    class Root:
        @strawberry.field
        def depth(self, left: int) -> int:
            if not left:
                return 0
            inner = engines[0].execute_sync(
                "query ($left: Int!) { depth(left: $left) }", self, None, {"left": left - 1}
            )
            assert inner.data is not None
            return 1 + int(inner.data["depth"])

    engines.append(Engine(strawberry.Schema(Root)))
    assert engines[0].execute_sync("{ depth(left: 5) }", Root()).data == {"depth": 5}


def test_many_arguments() -> None:
    names = [f"a{number}" for number in range(20)]
    namespace: dict[str, Any] = {}
    parameters = ", ".join(f"{name}: int" for name in names)
    code = f"def resolve(self, {parameters}) -> str: return str([{', '.join(names)}])"
    exec(code, {"__name__": __name__}, namespace)

    @strawberry.type
    class Root:
        value: str = strawberry.field(resolver=namespace["resolve"])

    given = ", ".join(f"{name}: {place}" for place, name in enumerate(names))
    check(strawberry.Schema(Root), f"{{ value({given}) b: value({given}) }}", Root())


@pytest.mark.parametrize("selection", ["alike", "anew(counts: [1])"])
def test_other_threads_have_their_turn_among_methods_that_take_long(selection: str) -> None:
    @strawberry.type
    class Row:
        @strawberry.field
        def alike(self, count: int = 1) -> int:
            sum(range(100_000))
            return count

        @strawberry.field
        def anew(self, counts: list[int]) -> int:
            sum(range(100_000))
            return len(counts)

    @strawberry.type
    class Query:
        rows: list[Row]

    # They write so little that the clock would not be looked at for that.
    query = Query(rows=[Row()] * 40)
    with onecross.meter() as meter:
        Engine(strawberry.Schema(Query)).execute_json_sync(f"{{ rows {{ {selection} }} }}", query)
    assert meter.releases > 0
