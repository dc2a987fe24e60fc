"""Object types of graphene-django: their `is_type_of`, asked once for each class of models."""

from collections.abc import Callable
from typing import Any

import django_project
import graphene
import pytest
from django.db import models
from django.utils.functional import SimpleLazyObject
from reference import check

import onecross
from onecross.graphql import Engine

django_project.set_up()

from graphene_django import DjangoObjectType  # noqa: E402 - Django must be set up before it


class Film(models.Model):
    title = models.CharField(max_length=20)
    length = models.IntegerField(null=True)

    class Meta:
        app_label = "films"


class ShortFilm(Film):
    class Meta:
        app_label = "films"
        proxy = True


class Series(Film):
    parts = models.IntegerField(default=1)

    class Meta:
        app_label = "films"


class Person(models.Model):
    title = models.CharField(max_length=20)

    class Meta:
        app_label = "films"


class FilmType(DjangoObjectType):
    class Meta:
        model = Film
        fields = ("id", "title", "length")

    shout = graphene.String()

    def resolve_shout(root: Any, _info: Any) -> str:  # noqa: N805 - as users write it
        return str(root.title).upper()


class ShortFilmType(DjangoObjectType):
    class Meta:
        model = ShortFilm
        fields = ("title",)


class PickyType(DjangoObjectType):
    class Meta:
        model = Person
        fields = ("title",)

    @classmethod
    def is_type_of(cls, root: Any, info: Any) -> bool:
        return root.title != "no"


class Found(graphene.Union):
    class Meta:
        types = (FilmType,)


class Query(graphene.ObjectType):
    films = graphene.List(FilmType)
    shorts = graphene.List(ShortFilmType)
    picky = graphene.List(PickyType)
    found = graphene.List(Found)


SCHEMA = graphene.Schema(Query).graphql_schema
TYPES = {"films": "title length", "shorts": "title", "picky": "title", "found": "__typename"}


def redefined(value: Any) -> Any:
    value._meta = Person._meta
    return value


VALUES: dict[str, Callable[[], list[Any]]] = {
    "films": lambda: [Film(id=1, title="a"), Film(id=2, title="b", length=90)],
    "kinds of films": lambda: [Film(title="a"), ShortFilm(title="s"), Series(title="t"), Film()],
    "other models": lambda: [Person(title="p"), Film(title="a"), Person(title="no")],
    "no models": lambda: [Film(title="a"), [], {"title": "d"}, 5],
    "types": lambda: [FilmType(), ShortFilmType(), Film(title="a")],
    "lazy ones": lambda: [SimpleLazyObject(lambda: Film(title="z")), Film(title="a")],
    "one with options of its own": lambda: [Film(title="a"), redefined(Film(title="r")), Film()],
}


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("field", TYPES)
def test_answers_are_those_of_graphql_core(make: Callable[[], list[Any]], field: str) -> None:
    selected = "... on FilmType { title }" if field == "found" else TYPES[field]
    check(SCHEMA, f"{{ {field} {{ {selected} }} }}", make_root=lambda: {field: make()})


def test_more_objects_cost_no_more_crossings() -> None:
    engine = Engine(SCHEMA)

    def calls_out(count: int) -> int:
        root = {"films": [Film(id=1, title="a", length=1), ShortFilm(id=2, title="b")] * count}
        query = "{ films { __typename } }"
        engine.execute_json_sync(query, root)
        with onecross.meter() as meter:
            assert engine.execute_json_sync(query, root).errors is None
        return meter.calls_out

    assert calls_out(100) == calls_out(1)


def test_explain_tells_that_it_is_asked_once_for_each_class() -> None:
    explain = Engine(SCHEMA).explain
    assert "checked by is_type_of, once for each class" in explain("{ films { title } }")
    assert "checked by is_type_of  " in explain("{ picky { title } }")
