"""A pytest plugin: what SQLAlchemy's tests ask of pysqlite by its name, they ask of onecross.

Loaded with `-p`. The requirements of the tests name drivers, as "sqlite+pysqlite": without this a
test that is for pysqlite alone would be left out. And what sets databases of SQLite up for tests
is found beside SQLAlchemy's own dialects only.
"""

from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Let what holds for pysqlite hold for onecross, too."""
    from sqlalchemy.dialects.sqlite import provision  # noqa: F401 - it registers itself
    from sqlalchemy.testing.exclusions import SpecPredicate

    holds = SpecPredicate.__call__

    def holds_for_pysqlite(predicate: Any, tested: Any) -> bool:
        if tested is None or tested.db.driver != "onecross" or predicate.db != "sqlite+pysqlite":
            return holds(predicate, tested)
        ours = SpecPredicate("sqlite+onecross", predicate.op, predicate.spec)
        return holds(ours, tested)

    SpecPredicate.__call__ = holds_for_pysqlite
