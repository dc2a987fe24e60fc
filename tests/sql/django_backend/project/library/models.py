"""Models with a field of each kind that SQLite keeps in its own way."""

import uuid
from decimal import Decimal

from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Book(models.Model):
    author = models.ForeignKey(Author, models.PROTECT, related_name="books")
    title = models.CharField(max_length=40)
    pages = models.PositiveIntegerField(default=0)
    price = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal("9.99"))
    weight = models.FloatField(null=True)
    is_sold = models.BooleanField(default=False)
    printed = models.DateField(null=True)
    opened = models.TimeField(null=True)
    bought = models.DateTimeField(null=True)
    lent_for = models.DurationField(null=True)
    cover = models.BinaryField(null=True)
    facts = models.JSONField(default=dict)
    key = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(price__gte=0), name="price_is_positive"),
            models.UniqueConstraint(fields=["author", "title"], name="title_of_author"),
        )
