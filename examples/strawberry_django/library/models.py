"""Authors and their books, as Django keeps them."""

from datetime import date
from decimal import Decimal

from django.db import models


class Author(models.Model):
    """Somebody who wrote books."""

    name = models.CharField(max_length=40)


class Book(models.Model):
    """A book of the library."""

    title = models.CharField(max_length=60)
    pages = models.IntegerField()
    shelf = models.CharField(max_length=10)
    is_lent = models.BooleanField(default=False)
    price = models.DecimalField(max_digits=6, decimal_places=2)
    published = models.DateField()
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")


def fill(books: int) -> None:
    """Fill an empty library."""
    authors = Author.objects.bulk_create(Author(name=f"Author {number}") for number in range(20))
    Book.objects.bulk_create(
        Book(
            title=f"Volume {number}",
            pages=100 + number % 400,
            shelf=f"{number % 26:02}",
            is_lent=number % 3 == 0,
            price=Decimal(number % 50) + Decimal("0.95"),
            published=date(1900 + number % 120, 1 + number % 12, 1 + number % 28),
            author=authors[number % len(authors)],
        )
        for number in range(books)
    )
