"""SQLite's constants: result codes, actions of authorizers, limits and switches.

    >>> from onecross.sql import constants
    >>> constants.SQLITE_BUSY, constants.SQLITE_LIMIT_ATTACHED
    (5, 7)

Reference: https://sqlite.org/c3ref/constlist.html.
"""

from onecross import _core

__all__ = sorted(_core.sqlite_constants)

globals().update(_core.sqlite_constants)
