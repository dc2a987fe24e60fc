"""What the SQLite of onecross can do, where Django asks the standard library's for its version."""

from typing import Any

from django.db.backends.sqlite3 import features as django_sqlite3
from django.utils.functional import cached_property

__all__ = ["DatabaseFeatures"]

_OF_OLDER_VERSIONS = "SQLite does not parse escaped double quotes in the JSON path notation"


class DatabaseFeatures(django_sqlite3.DatabaseFeatures):
    """The features of Django's SQLite backend: all those that newer versions have, are there."""

    can_alter_table_drop_column = True
    can_return_columns_from_insert = True
    supports_aggregate_order_by_clause = True

    @cached_property  # type: ignore[untyped-decorator]
    def django_test_skips(self) -> dict[str, set[str]]:
        """Which of Django's own tests are not for this database, by the reason."""
        skips: dict[str, Any] = super().django_test_skips
        return {reason: tests for reason, tests in skips.items() if reason != _OF_OLDER_VERSIONS}
