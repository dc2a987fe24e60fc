"""A drop-in for the standard library's `sqlite3`, on onecross's engine.

    >>> import onecross.sql.sqlite3 as sqlite3
    >>> connection = sqlite3.connect(":memory:")
    >>> connection.execute("select 'as ever'").fetchone()
    ('as ever',)
    >>> connection.close()

It has the names, behaves as the tests and raises the errors' texts of the `sqlite3` of the Python
that runs it. Reference: the documentation of `sqlite3`.
"""

from typing import TYPE_CHECKING

from onecross.sql.sqlite3.dbapi2 import *  # noqa: F403 - as the standard library's does

if not TYPE_CHECKING:
    from onecross.sql.sqlite3.dbapi2 import __getattr__ as __getattr__
