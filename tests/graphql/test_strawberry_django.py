"""Models behind types of strawberry-django: their columns are read in place, all else is asked."""

import asyncio
import decimal
import enum
from collections.abc import Callable, Iterator
from typing import Any

import django_project
import pytest
import strawberry
from strawberry import auto
from strawberry.extensions import FieldExtension, SchemaExtension
from strawberry.permission import BasePermission

import onecross
from onecross._core import knows_memory_layout
from onecross.graphql import Engine, statistics
from onecross.graphql.strawberry import Schema

django_project.set_up()

import strawberry_django  # noqa: E402 - Django must be set up before its models
from django.db import connection, models  # noqa: E402
from strawberry_django.fields.field import StrawberryDjangoField  # noqa: E402
from strawberry_django.optimizer import DjangoOptimizerExtension  # noqa: E402


class Shelf(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "library"


class Kind(models.TextChoices):
    NOVEL = "novel"
    ESSAY = "essay"


class Book(models.Model):
    title = models.CharField(max_length=40)
    pages = models.IntegerField(null=True)
    price = models.DecimalField(max_digits=6, decimal_places=2, default=decimal.Decimal("1.50"))
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NOVEL)
    facts = models.JSONField(default=dict)
    cover = models.FileField(null=True)
    seen = models.DateTimeField(null=True)
    shelf = models.ForeignKey(Shelf, models.CASCADE, null=True, related_name="books")
    sequel = models.OneToOneField("self", models.CASCADE, null=True, related_name="prequel")

    class Meta:
        app_label = "library"

    @property
    def shout(self) -> str:
        return self.title.upper()

    def method(self) -> str:
        return f"method of {self.title}"

    @strawberry_django.descriptors.model_property(only=["title"])
    def whisper(self) -> str:
        return self.title.lower()


class Anthology(Book):
    parts = models.IntegerField(default=3)

    class Meta:
        app_label = "library"


@strawberry.enum
class Kinds(enum.Enum):
    NOVEL = "novel"
    ESSAY = "essay"


class OwnField(StrawberryDjangoField):
    def get_result(self, source: Any, info: Any, args: Any, kwargs: Any) -> Any:
        return f"own {source.title}"


@strawberry_django.type(Shelf)
class ShelfType:
    id: auto
    name: auto
    books: list["BookType"]


@strawberry_django.type(Book, name="Book")
class BookType:
    id: auto
    title: auto
    pages: auto
    price: auto
    kind: auto
    facts: strawberry.scalars.JSON
    cover: auto
    seen: auto
    shelf: ShelfType | None
    shelf_id: auto
    sequel: "BookType | None"
    prequel: "BookType | None"
    shout: str
    method: str
    whisper: str
    label: str = strawberry_django.field(field_name="title")
    place: str | None = strawberry_django.field(field_name="shelf__name")
    own: str = OwnField(django_name="title")
    kind_of: Kinds = strawberry_django.field(field_name="kind")
    missing: str | None = strawberry_django.field(field_name="nowhere")

    @strawberry_django.field(only=["title"])
    def computed(self) -> str:
        return f"computed {self.title}"


@strawberry_django.type(Anthology)
class AnthologyType(BookType):
    parts: auto


def make_up() -> None:
    with connection.schema_editor() as editor:
        for model in (Shelf, Book, Anthology):
            editor.create_model(model)
    shelf = Shelf.objects.create(name="top")
    first = Book.objects.create(title="Emma", pages=474, shelf=shelf, facts={"a": [1, None]})
    Book.objects.create(title="Persuasion", sequel=first, kind=Kind.ESSAY, cover="covers/p.png")
    Anthology.objects.create(title="Letters", pages=9, shelf=shelf)


make_up()

SCALARS = "id title pages price kind facts seen shelfId label kindOf"
# Nullable or not, a place for each kind of value, and each way of a field to be no column.
QUERIES = [
    f"{{ books {{ {SCALARS} }} }}",
    "{ books { cover { name } shout method whisper computed own place missing title } }",
    "{ books { title shelf { name books { title } } sequel { title } prequel { title } } }",
    "{ shelves { id name books { __typename id title } } }",
    f"{{ partial {{ {SCALARS} }} }}",
    "{ strange { title pages } }",
    f"{{ strange {{ {SCALARS} }} }}",
    "{ anthologies { title parts pages } }",
    "{ other { title } }",
    "{ odd { title pages } }",
]


def strange() -> list[Any]:
    plain = Book(title="plain", pages=1)
    overlaid = Book(title="overlaid")
    overlaid.__dict__["pages"] = "seven"
    replaced = Book(title="replaced")
    replaced.title = lambda: "called"
    return [plain, overlaid, replaced, typed("typed"), typed(lambda: "called"), Book(id=9), None]


def typed(title: Any) -> Any:
    """An instance of the type itself, which may hold what the field calls."""
    made = object.__new__(BookType)
    made.__dict__.update(title=title, pages=3)
    return made


@strawberry.type
class Query:
    books: list[BookType] = strawberry_django.field()
    shelves: list[ShelfType] = strawberry_django.field()
    anthologies: list[AnthologyType] = strawberry_django.field()

    @strawberry_django.field
    def partial(self) -> list[BookType]:
        return list(Book.objects.only("title"))

    @strawberry.field
    def strange(self) -> list[BookType | None]:
        return strange()

    @strawberry.field
    def loaded(self) -> list[BookType]:
        return loaded

    @strawberry.field
    def other(self) -> list[BookType | None]:
        return [Book(title="b"), Shelf(name="s"), "text", Anthology(title="a")]

    @strawberry.field
    def odd(self) -> list[BookType | None]:
        book = Book(title=Book.objects.order_by("title"), pages=Book.objects)
        return [book, Book(title="last")]


loaded = list(Book.objects.all())

EXTENSIONS: dict[str, list[Any]] = {"plain": [], "optimizer": [DjangoOptimizerExtension]}


def told(result: Any) -> Any:
    return result.data, [error.formatted for error in result.errors or ()]


@pytest.mark.parametrize("extensions", EXTENSIONS.values(), ids=EXTENSIONS)
@pytest.mark.parametrize("query", QUERIES)
def test_answers_are_those_of_strawberry(query: str, extensions: list[Any]) -> None:
    expected = strawberry.Schema(Query, extensions=extensions).execute_sync(query)
    schema = Schema(Query, extensions=extensions)
    for _ in range(2):
        assert told(schema.execute_sync(query)) == told(expected)
    assert statistics(schema).executed == 2


def noting(asked: list[str]) -> Callable[..., Any]:
    """What notes each statement that the database is sent."""

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    return note


@pytest.mark.parametrize("query", QUERIES)
def test_the_database_is_asked_the_same(query: str) -> None:
    asked = []
    for class_ in (strawberry.Schema, Schema):
        schema = class_(Query, extensions=[DjangoOptimizerExtension])
        now: list[str] = []
        with connection.execute_wrapper(noting(now)):
            schema.execute_sync(query)
        asked.append(now)
    assert asked[0] == asked[1]


# Those for which nothing is fetched.
LOADED = [
    "{ strange { title pages } }",
    "{ loaded { title pages price seen label kindOf facts own computed } }",
    "{ loaded { title cover { name } shout whisper shelfId } }",
    "{ other { title } }",
]


@pytest.mark.parametrize("query", LOADED)
def test_answers_among_coroutines_are_those_of_strawberry(query: str) -> None:
    async def answer(class_: type[strawberry.Schema]) -> Any:
        return told(await class_(Query, extensions=[DjangoOptimizerExtension]).execute(query))

    assert asyncio.run(answer(Schema)) == asyncio.run(answer(strawberry.Schema))


def test_more_columns_cost_no_more_crossings() -> None:
    engine = Engine(Schema(Query))
    query = "{ loaded { __typename id title pages label } }"

    engine.execute_json_sync(query)

    def calls_out(count: int) -> int:
        global loaded
        loaded = [Book(id=number, title="a", pages=number) for number in range(count)]
        with onecross.meter() as meter:
            result = engine.execute_json_sync(query)
        assert result.errors is None
        return meter.calls_out

    # What is kept where nobody told us is asked of the resolver.
    assert (calls_out(200) == calls_out(100)) is knows_memory_layout


def test_explain_tells_what_is_read() -> None:
    explained = Engine(Schema(Query)).explain(
        "{ books { title label own computed shelf { name } cover { name } } }"
    )
    assert explained.count("attribute title ") == 2


def test_a_class_that_changes_is_looked_at_again() -> None:
    class Changing(models.Model):
        title = models.CharField(max_length=20)

        class Meta:
            app_label = "library"

    @strawberry_django.type(Changing, name="Changing")
    class ChangingType:
        title: auto

    @strawberry.type
    class Root:
        @strawberry.field
        def all(self) -> list[ChangingType]:
            def one_by_one() -> Iterator[Any]:
                yield Changing(title="a")
                Changing.title = property(lambda self: "by property")
                yield made

            return one_by_one()

    made = Changing(title="b")
    result = Schema(Root).execute_sync("{ all { title } }")
    assert result.data == {"all": [{"title": "a"}, {"title": "by property"}]}


def test_what_stands_between_is_asked() -> None:
    class Loud(FieldExtension):
        def resolve(self, next_: Any, source: Any, info: Any, **named: Any) -> str:
            return str(next_(source, info, **named)).upper()

    class Never(BasePermission):
        message = "never"

        def has_permission(self, source: Any, info: Any, **named: Any) -> bool:
            return False

    @strawberry_django.type(Shelf, name="Shelf")
    class Guarded:
        loud: str = strawberry_django.field(field_name="name", extensions=[Loud()])
        never: str | None = strawberry_django.field(field_name="name", permission_classes=[Never])

    @strawberry.type
    class Root:
        @strawberry.field
        def shelf(self) -> Guarded:
            return Shelf(name="top")

    query = "{ shelf { loud never } }"
    actual = told(Schema(Root).execute_sync(query))
    assert actual == told(strawberry.Schema(Root).execute_sync(query))
    assert actual[0] == {"shelf": {"loud": "TOP", "never": None}}


def test_a_type_that_tells_its_instances_itself_is_asked() -> None:
    asked: list[Any] = []

    @strawberry_django.type(Shelf, name="Shelf")
    class Picky:
        name: auto

        @classmethod
        def is_type_of(cls, obj: Any, info: Any) -> bool:
            asked.append(obj.name)
            return bool(obj.name != "no")

    @strawberry_django.type(Shelf, name="Below")
    class Below(Picky):
        name: auto

    @strawberry.type
    class Root:
        @strawberry.field
        def shelves(self) -> list[Below | None]:
            return [Shelf(name="a"), Shelf(name="no"), Shelf(name="b")]

    result = Schema(Root).execute_sync("{ shelves { name } }")
    assert result.data == {"shelves": [{"name": "a"}, None, {"name": "b"}]}
    assert asked == ["a", "no", "b"]


def test_the_optimizer_costs_columns_nothing() -> None:
    schema = Schema(Query, extensions=[DjangoOptimizerExtension])
    query = "{ loaded { title pages label } }"
    schema.execute_sync(query)

    def calls_out(count: int) -> int:
        global loaded
        loaded = [Book(title="a", pages=number) for number in range(count)]
        with onecross.meter() as meter:
            assert schema.execute_sync(query).errors is None
        return meter.calls_out

    assert (calls_out(200) == calls_out(100)) is knows_memory_layout


@pytest.mark.parametrize("resolves", [False, True])
def test_an_extension_beside_the_optimizer_is_asked(resolves: bool) -> None:
    asked: list[str] = []

    class Beside(SchemaExtension):
        def resolve(self, next_: Any, root: Any, info: Any, *args: Any, **named: Any) -> Any:
            asked.append(info.field_name)
            return next_(root, info, *args, **named)

    class Within(DjangoOptimizerExtension):
        def resolve(self, next_: Any, root: Any, info: Any, *args: Any, **named: Any) -> Any:
            asked.append(info.field_name)
            return super().resolve(next_, root, info, *args, **named)

    extensions = [Within] if resolves else [DjangoOptimizerExtension, Beside]
    result = Schema(Query, extensions=extensions).execute_sync("{ anthologies { title } }")
    assert result.data == {"anthologies": [{"title": "Letters"}]}
    assert asked == ["anthologies", "title"]
