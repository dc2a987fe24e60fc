"""What a client may ask of the library: an ordinary schema of strawberry-django."""

import strawberry
import strawberry_django
from strawberry import auto

from library import models


@strawberry_django.type(models.Author)
class Author:
    """Somebody who wrote books."""

    id: auto
    name: auto


@strawberry_django.type(models.Book)
class Book:
    """A book of the library."""

    id: auto
    title: auto
    pages: auto
    shelf: auto
    is_lent: auto
    price: auto
    published: auto
    author: Author


@strawberry.type
class Query:
    """What a client may ask for."""

    books: list[Book] = strawberry_django.field()
