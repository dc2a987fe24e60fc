"""What a client may ask of the library: an ordinary schema of graphene-django."""

import graphene
from graphene_django import DjangoListField, DjangoObjectType

from library import models


class Author(DjangoObjectType):
    """Somebody who wrote books."""

    class Meta:
        """Which columns there are."""

        model = models.Author
        fields = ("id", "name")


class Book(DjangoObjectType):
    """A book of the library."""

    class Meta:
        """Which columns there are."""

        model = models.Book
        fields = ("id", "title", "pages", "shelf", "is_lent", "price", "published", "author")


class Query(graphene.ObjectType):
    """What a client may ask for."""

    books = DjangoListField(Book)

    def resolve_books(root, info):  # noqa: N805 - Graphene calls it with the root
        """Hand out all books, each with its author."""
        return models.Book.objects.select_related("author")
