"""The cursor of Django's SQLite backend: its placeholders are those of other databases."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Self

from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from onecross.sql import sqlite3

__all__ = ["Cursor"]


class Cursor(sqlite3.Cursor):
    """A cursor whose placeholders are `%s` and `%(name)s`, as Django writes them."""

    convert_query = SQLiteCursorWrapper.convert_query

    def execute(self, query: str, params: Any = None) -> Self:
        """Run a statement; in one without parameters, `%` stands for itself."""
        if params is None:
            return super().execute(query)
        names = list(params) if isinstance(params, Mapping) else None
        return super().execute(self.convert_query(query, param_names=names), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Self:
        """Run a statement for each set of parameters; the first tells how they are named."""
        following = iter(param_list)
        first = next(following, None)
        names = list(first) if isinstance(first, Mapping) else None
        all_of_them = following if first is None else chain([first], following)
        return super().executemany(self.convert_query(query, param_names=names), all_of_them)
