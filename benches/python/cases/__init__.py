"""The cases, by name, in the order in which they are printed."""

from collections.abc import Iterator
from importlib import import_module

from graphql import version_info
from measure import Settings, Table

# Strawberry needs graphql-core 3.3 and Graphene 3.2: each is measured where it can be installed.
_WITH_3_3 = {
    "stadium": "cases.stadium",
    "dicts": "cases.dicts",
    "flat": "cases.flat",
    "shapes": "cases.shapes",
    "ariadne": "cases.ariadne",
    "small": "cases.small",
    "introspection": "cases.introspection",
    "resolvers": "cases.resolvers",
    "awaited": "cases.awaited",
    "posts": "cases.posts",
    "http": "cases.http",
    "memory": "cases.memory",
    "sql_keys": "cases.sql.keys",
    "sql_scans": "cases.sql.scans",
    "sql_awaited": "cases.sql.awaited",
    "sql_columns_in": "cases.sql.columns_in",
    "sql_columns_out": "cases.sql.columns_out",
    "sql_vibesql": "cases.sql.vibesql",
}
_WITH_3_2 = {"graphene": "cases.graphene"}

CASES = _WITH_3_3 if version_info >= (3, 3) else _WITH_3_2


def tables(name: str, settings: Settings) -> Iterator[Table]:
    """Measure a case.

    What it needs is imported now: the collector looks at all that is there, so what only other
    cases need would be part of what is measured.
    """
    made: Iterator[Table] = import_module(CASES[name]).tables(settings)
    return made
