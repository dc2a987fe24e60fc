"""What Django writes in the SQL of SQLite, for the version that onecross has."""

from django.db.backends.sqlite3 import operations as django_sqlite3

__all__ = ["DatabaseOperations"]


class DatabaseOperations(django_sqlite3.DatabaseOperations):
    """The operations of Django's SQLite backend."""

    def force_group_by(self) -> list[str]:
        """Return what makes a query an aggregate: nothing, since SQLite 3.39."""
        return []
