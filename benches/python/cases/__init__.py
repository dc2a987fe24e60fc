"""The cases, by name, in the order in which they are printed."""

from collections.abc import Callable, Iterator

from measure import Settings, Table

from cases import ariadne, dicts, flat, memory, resolvers, shapes, small, stadium

CASES: dict[str, Callable[[Settings], Iterator[Table]]] = {
    "stadium": stadium.tables,
    "dicts": dicts.tables,
    "flat": flat.tables,
    "shapes": shapes.tables,
    "ariadne": ariadne.tables,
    "small": small.tables,
    "resolvers": resolvers.tables,
    "memory": memory.tables,
}
