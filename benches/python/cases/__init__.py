"""The cases, by name, in the order in which they are printed."""

from collections.abc import Callable, Iterator

from graphql import version_info
from measure import Settings, Table

CASES: dict[str, Callable[[Settings], Iterator[Table]]]

# Strawberry needs graphql-core 3.3 and Graphene 3.2: each is measured where it can be installed.
if version_info >= (3, 3):
    from cases import (
        ariadne,
        awaited,
        dicts,
        flat,
        http,
        introspection,
        memory,
        posts,
        resolvers,
        shapes,
        small,
        stadium,
    )
    from cases.sql import awaited as sql_awaited
    from cases.sql import columns_in, columns_out, keys, scans, vibesql

    CASES = {
        "stadium": stadium.tables,
        "dicts": dicts.tables,
        "flat": flat.tables,
        "shapes": shapes.tables,
        "ariadne": ariadne.tables,
        "small": small.tables,
        "introspection": introspection.tables,
        "resolvers": resolvers.tables,
        "awaited": awaited.tables,
        "posts": posts.tables,
        "http": http.tables,
        "memory": memory.tables,
        "sql_keys": keys.tables,
        "sql_scans": scans.tables,
        "sql_awaited": sql_awaited.tables,
        "sql_columns_in": columns_in.tables,
        "sql_columns_out": columns_out.tables,
        "sql_vibesql": vibesql.tables,
    }
else:
    from cases import graphene

    CASES = {"graphene": graphene.tables}
