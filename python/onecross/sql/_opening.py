"""What is set when a connection opens: the defaults, and what the profiles add to them."""

import os
from pathlib import Path

from onecross import _core
from onecross.sql import constants
from onecross.sql.errors import DatabaseError

_SWITCHES = {
    constants.SQLITE_DBCONFIG_DEFENSIVE: True,
    constants.SQLITE_DBCONFIG_TRUSTED_SCHEMA: False,
    constants.SQLITE_DBCONFIG_DQS_DML: False,
    constants.SQLITE_DBCONFIG_DQS_DDL: False,
    constants.SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER: False,
    constants.SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE: False,
    constants.SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE: False,
}

# Those that SQLite's authors advise.
_LIMITS = {
    constants.SQLITE_LIMIT_LENGTH: 1_000_000,
    constants.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    constants.SQLITE_LIMIT_COLUMN: 100,
    constants.SQLITE_LIMIT_EXPR_DEPTH: 10,
    constants.SQLITE_LIMIT_COMPOUND_SELECT: 3,
    constants.SQLITE_LIMIT_VDBE_OP: 25_000,
    constants.SQLITE_LIMIT_FUNCTION_ARG: 8,
    constants.SQLITE_LIMIT_ATTACHED: 0,
    constants.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    constants.SQLITE_LIMIT_VARIABLE_NUMBER: 10,
    constants.SQLITE_LIMIT_TRIGGER_DEPTH: 10,
}


class Defaults:
    """What a new program should have."""

    deadline: float | None = None

    def set_up(self, connection: _core.Connection, path: str) -> None:
        """Set it, on a connection that was just opened.

        Args:
            connection: The connection.
            path: The file that the database is in; empty if it is in none.
        """
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        if path and Path(path).stat().st_size == 0 and os.access(path, os.W_OK):
            connection.execute("PRAGMA journal_mode = WAL")


class Secure(Defaults):
    """What a program should have whose databases or statements are somebody else's.

    Reference: https://sqlite.org/security.html.
    """

    deadline = 5.0

    def set_up(self, connection: _core.Connection, path: str) -> None:
        """Check the database, and forbid what can do harm."""
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA mmap_size = 0")
        (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if finding != "ok":
            raise DatabaseError(f"the database is damaged: {finding}")
        super().set_up(connection, path)
        for switch, is_on in _SWITCHES.items():
            connection.setconfig(switch, is_on)
        for category, limit in _LIMITS.items():
            connection.setlimit(category, limit)


_PROFILES = {None: Defaults(), "secure": Secure()}


def profile_of(name: str | None) -> Defaults:
    """The profile of that name.

    Raises:
        ValueError: There is no such profile.
    """
    if name not in _PROFILES:
        known = " and ".join(repr(known) for known in _PROFILES)
        raise ValueError(f"there is no profile {name!r}: there are {known}")
    return _PROFILES[name]
