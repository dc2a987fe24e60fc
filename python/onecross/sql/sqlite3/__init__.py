"""A drop-in for the standard library's `sqlite3`, on onecross's engine."""

from onecross.sql.sqlite3.dbapi2 import *  # noqa: F403 - as the standard library's does
