"""Connections of `onecross.sql`, with the defaults that a new program should have."""

import os

from onecross import _core

_LEGACY = -1


class Connection(_core.Connection):
    """A connection to a database, which any thread may use."""

    __slots__ = ()

    def __init__(self, database: str | os.PathLike[str], *, timeout: float = 5.0) -> None:
        rules = _core.Rules(strict=True)
        super().__init__(database, timeout, 0, "IMMEDIATE", False, 128, False, _LEGACY, rules)


def connect(database: str | os.PathLike[str], *, timeout: float = 5.0) -> Connection:
    """Opens a connection."""
    return Connection(database, timeout=timeout)
