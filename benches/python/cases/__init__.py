"""The cases, by name, in the order in which they are printed."""

from collections.abc import Callable, Iterator

from measure import Settings, Table

from cases import ariadne, flat, memory, resolvers, small, stadium

CASES: dict[str, Callable[[Settings], Iterator[Table]]] = {
    "stadium": stadium.tables,
    "flat": flat.tables,
    "ariadne": ariadne.tables,
    "small": small.tables,
    "resolvers": resolvers.tables,
    "memory": memory.tables,
}
