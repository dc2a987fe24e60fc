"""Schemas of Graphene: default resolvers, enums, and types told by the classes of values."""

import enum
from collections import UserDict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import graphene
import pytest
from graphene.types import resolver
from graphql import GraphQLSchema
from reference import assert_same_result, check

import onecross
from onecross.graphql import Engine, Executor, statistics


class Color(graphene.Enum):
    RED = 1
    GREEN = "g"
    BLUE = 3.5


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


GrapheneSize = graphene.Enum.from_enum(Size)


class Named(graphene.Interface):
    full_name = graphene.String()


class Person(graphene.ObjectType):
    class Meta:
        interfaces = (Named,)

    full_name = graphene.String()
    age = graphene.Int(default_value=5)
    tags = graphene.List(graphene.String, default_value=("a",))
    color = Color()
    size = GrapheneSize()
    nickname = graphene.String(source="full_name")
    shout = graphene.String(times=graphene.Int(default_value=2), size=GrapheneSize())
    ignored = graphene.Int(number=graphene.Int(required=True))

    def resolve_shout(
        root: Any,  # noqa: N805 - as users write it
        info: Any,
        times: int,
        size: Any = None,
    ) -> str:
        return f"{info.field_name} {type(root).__name__} {size}" * times


class Row:
    """A row of some database that stands for a type."""

    full_name = "row"


class LargeRow(Row):
    full_name = "large row"


class Stone(graphene.ObjectType):
    class Meta:
        possible_types = (Row, (SimpleNamespace,))

    full_name = graphene.String()
    weight = graphene.Int(default_value=1)


class Thing(graphene.Union):
    class Meta:
        types = (Person, Stone)


class Keyed(graphene.ObjectType):
    class Meta:
        default_resolver = resolver.dict_resolver

    full_name = graphene.String(default_value="none")


class Attributed(graphene.ObjectType):
    class Meta:
        default_resolver = resolver.attr_resolver

    full_name = graphene.String(default_value="none")


class Query(graphene.ObjectType):
    people = graphene.List(Person)
    named = graphene.List(Named)
    things = graphene.List(Thing)
    stones = graphene.List(Stone)
    keyed = graphene.List(Keyed)
    attributed = graphene.List(Attributed)
    colors = graphene.List(Color, of=Color(default_value=Color.GREEN.value))

    def resolve_colors(_root: Any, _info: Any, of: Any) -> list[Any]:  # noqa: N805 - as above
        return [of, *Color, *(color.value for color in Color), *(color.name for color in Color)]


SCHEMA: GraphQLSchema = graphene.Schema(Query, types=[Person, Stone]).graphql_schema


class Own(dict):
    """A dict with a way of its own to be asked."""

    def get(self, key: Any, default: Any = None) -> Any:
        return f"own {key}"


class Object:
    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


class Dynamic:
    def __getattr__(self, name: str) -> Any:
        if name == "full_name":
            return "dynamic"
        raise AttributeError(name)

    @property
    def age(self) -> int:
        return 1 // 0


ADA = {"full_name": "Ada", "age": None, "color": 1, "size": Size.LARGE}
VALUES: dict[str, Callable[[], list[Any]]] = {
    "dicts": lambda: [ADA, {}, {"full_name": len, "age": 7, "color": Color.RED, "size": "s"}],
    "objects": lambda: [Object(**ADA), Object(), Object(full_name="Eva", tags=("b",))],
    "types": lambda: [Person(**ADA), Person(full_name="Eva", color=Color.GREEN)],
    "dicts of their own": lambda: [Own(full_name="no"), UserDict(ADA), Own()],
    "objects with code": lambda: [Dynamic(), Object(full_name=lambda: "uncalled")],
    "stones": lambda: [Row(), LargeRow(), SimpleNamespace(full_name="s"), Stone(weight=2)],
    "all kinds": lambda: [Person(**ADA), Row(), Stone(), Person(), Object(), 5, "text"],
    "colors": lambda: [{"color": found} for found in (1, "g", 3.5, "RED", True, 1.0, None, [])],
    "sizes": lambda: [{"size": found} for found in ("s", "LARGE", Size.SMALL, 1, Color.RED)],
}

QUERIES = [
    "{ people { fullName age tags color size nickname } }",
    "{ people { shout a: shout(times: 1, size: LARGE) } }",
    "{ people { ignored(number: 3) } }",
    "{ named { __typename fullName } }",
    "{ things { __typename ... on Stone { weight } ... on Named { fullName } } }",
    "{ stones { fullName weight } keyed { fullName } attributed { fullName } }",
]


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("query", QUERIES)
def test_answers_are_those_of_graphql_core(make: Callable[[], list[Any]], query: str) -> None:
    places = ("people", "named", "things", "stones", "keyed", "attributed")
    check(SCHEMA, query, make_root=lambda: dict.fromkeys(places, make()))


def test_enums_as_arguments_and_answers() -> None:
    check(SCHEMA, "{ colors a: colors(of: RED) }")
    check(SCHEMA, "query ($of: Color) { colors(of: $of) }", variables={"of": "BLUE"})


def test_arguments_that_cannot_be_had() -> None:
    query = "query ($n: Int = 3) { people { ignored(number: $n) } }"
    root = {"people": [{"ignored": 1}, Object(ignored=2)]}
    check(SCHEMA, query, root)
    assert check(SCHEMA, query, root, variables={"n": None}).errors


def test_a_default_resolver_of_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    def shout(name: str, default: Any, root: Any, _info: Any, **_args: Any) -> str:
        return f"{name} {default} {root}".upper()

    monkeypatch.setattr(resolver, "default_resolver", resolver.default_resolver)
    resolver.set_default_resolver(shout)

    class Root(graphene.ObjectType):
        full_name = graphene.String(default_value="d")

    schema = graphene.Schema(Root).graphql_schema
    assert check(schema, "{ fullName }", "root").data == {"fullName": "FULL_NAME D ROOT"}


@pytest.mark.parametrize("name", ["dict_or_attr_resolver", "dict_resolver", "attr_resolver"])
def test_code_of_others_in_the_place_of_graphenes(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    original = getattr(resolver, name)

    def instead(*args: Any, **kwargs: Any) -> Any:
        return f"instead of {original(*args, **kwargs)}"

    instead.__name__, instead.__module__ = name, original.__module__
    monkeypatch.setattr(resolver, name, instead)

    class Root(graphene.ObjectType):
        class Meta:
            default_resolver = instead

        full_name = graphene.String()

    for root in ({"full_name": "a"}, {}):
        check(graphene.Schema(Root).graphql_schema, "{ fullName }", root)
    check(SCHEMA, "{ people { fullName } }", {"people": [{"full_name": "a"}, Object()]})


class Choosing(graphene.Interface):
    full_name = graphene.String()

    @classmethod
    def resolve_type(cls, instance: Any, _info: Any) -> Any:
        return Second if instance.full_name == "second" else First


class First(graphene.ObjectType):
    class Meta:
        interfaces = (Choosing,)


class Second(graphene.ObjectType):
    class Meta:
        interfaces = (Choosing,)


def test_a_resolve_type_of_the_users() -> None:
    class Root(graphene.ObjectType):
        chosen = graphene.List(Choosing)

    schema = graphene.Schema(Root, types=[First, Second]).graphql_schema
    values = [First(full_name=name) for name in ("first", "second", "first")]
    result = check(schema, "{ chosen { __typename fullName } }", {"chosen": values})
    assert result.data is not None
    told = [value["__typename"] for value in result.data["chosen"]]
    assert told == ["First", "Second", "First"]


class Moody(type):
    def __instancecheck__(cls, value: Any) -> bool:
        return value.full_name != "no"


class Odd(metaclass=Moody):
    def __init__(self, full_name: str) -> None:
        self.full_name = full_name


def test_possible_types_that_look_at_values() -> None:
    class Seen(graphene.ObjectType):
        class Meta:
            possible_types = (Odd,)

        full_name = graphene.String()

    class Root(graphene.ObjectType):
        seen = graphene.List(Seen)

    values = [Object(full_name=name) for name in ("yes", "no", "yes", "no")]
    check(graphene.Schema(Root).graphql_schema, "{ seen { fullName } }", {"seen": values})


def test_a_class_that_gets_other_bases_while_it_is_read() -> None:
    class Other:
        pass

    class Turning(Row):
        @property
        def weight(self) -> int:
            Turning.__bases__ = (Other,)
            return 1

    def root() -> dict[str, Any]:
        Turning.__bases__ = (Row,)
        return {"stones": [Turning(), Turning()]}

    result = check(SCHEMA, "{ stones { weight } }", make_root=root)
    assert result.data == {"stones": [{"weight": 1}, None]}


def calls_out(query: str, root: Any) -> int:
    engine = Engine(SCHEMA)
    engine.execute_json_sync(query, root)
    with onecross.meter() as meter:
        assert engine.execute_json_sync(query, root).errors is None
    return meter.calls_out


EVERY_COLOR = [{"color": value} for color in Color for value in (color, color.name)]
COSTS: dict[str, tuple[str, list[Any]]] = {
    "dicts": ("{ people { fullName age tags } }", [ADA, {}]),
    "objects": ("{ people { fullName size } }", [Object(**ADA), Person(**ADA)]),
    "enums": ("{ people { color } }", [*EVERY_COLOR, {"color": 1}, {"color": "g"}]),
    "an interface": ("{ named { __typename fullName } }", [Person(**ADA), Person()]),
    "a union": ("{ things { __typename } }", [Person(**ADA)]),
    "possible types": ("{ stones { fullName } }", [Row(), LargeRow()]),
}


@pytest.mark.parametrize(("query", "values"), COSTS.values(), ids=COSTS)
def test_more_objects_cost_no_more_crossings(query: str, values: list[Any]) -> None:
    places = ("people", "named", "things", "stones")
    few, many = (dict.fromkeys(places, values * count) for count in (1, 100))
    assert calls_out(query, few) == calls_out(query, many)


def test_explain_tells_where_values_are_looked_up() -> None:
    query = "{ people { fullName } keyed { fullName } attributed { fullName } stones { weight } }"
    told = [line for line in Engine(SCHEMA).explain(query).splitlines() if "String" in line]
    assert [line.split("String", 1)[1].split() for line in told] == [
        ["key", "or", "attribute", "full_name", "0"],
        ["key", "full_name", "0"],
        ["attribute", "full_name", "0"],
    ]


def test_graphene_takes_the_executor() -> None:
    schema = graphene.Schema(Query, types=[Person, Stone])
    query = "{ __typename people { fullName age color } }"
    root = {"people": [{"full_name": "Ada", "color": Color.RED}, SimpleNamespace(age=1)]}
    expected = schema.execute(query, root_value=root)
    actual = schema.execute(query, root_value=root, execution_context_class=Executor)
    assert_same_result(actual, expected)
    assert statistics(schema.graphql_schema).executed == 1


def test_a_schema_of_graphene_itself_is_refused_by_its_full_name() -> None:
    schema = graphene.Schema(Query)
    for taking in (Engine, statistics):
        with pytest.raises(TypeError, match=r"not graphene\.types\.schema\.Schema$"):
            taking(schema)
