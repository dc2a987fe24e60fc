"""Databases of tests, and their copies for tests that run in several processes."""

from contextlib import closing
from typing import Any

from django.db.backends.sqlite3 import creation as django_sqlite3

from onecross.sql import sqlite3

__all__ = ["DatabaseCreation"]


class DatabaseCreation(django_sqlite3.DatabaseCreation):
    """The test databases of Django's SQLite backend.

    A database in memory reaches other processes through a file, forked or not: with SQLite, a
    child must not use the connections of its parent.
    """

    def get_test_db_clone_settings(self, suffix: str) -> dict[str, Any]:
        """Return the settings of a copy: of a database in memory, the file that it passes through.

        Raises:
            NotSupportedError: Processes are started in a way that Django does not know.
        """
        settings: dict[str, Any] = super().get_test_db_clone_settings(suffix)
        if self.is_in_memory_db(settings["NAME"]):
            settings = {**settings, "NAME": self._file(suffix)}
        return settings

    def setup_worker_connection(self, _worker_id: int) -> None:
        """Connect a process that runs tests to its copy of the database."""
        settings = self.connection.settings_dict
        # What a process has of its parent's connection is dropped, and that is not closed.
        self.connection.connection = None
        if not self.is_in_memory_db(settings["NAME"]):
            settings.update(self.get_test_db_clone_settings(str(_worker_id)))
            return
        alias = self.connection.alias
        settings["NAME"] = f"file:memorydb_{alias}_{_worker_id}?mode=memory&cache=shared"
        self.connection.connect()
        path = f"file:{self._file(_worker_id)}?mode=ro"
        with closing(sqlite3.connect(path, uri=True)) as copy:
            copy.backup(self.connection.connection)

    def _clone_test_db(self, suffix: str, verbosity: int, keepdb: bool = False) -> None:
        if not self.is_in_memory_db(self.connection.settings_dict["NAME"]):
            super()._clone_test_db(suffix, verbosity, keepdb)
            return
        with closing(sqlite3.connect(self._file(suffix))) as copy:
            self.connection.connection.backup(copy)

    def _file(self, suffix: object) -> str:
        return f"{self.connection.alias}_{suffix}.sqlite3"
