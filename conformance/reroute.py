"""A pytest plugin: graphql-core executes by the onecross engine, and each test is counted.

Loaded with `-p` before collection. It puts an executor of onecross where graphql-core looks up its
own: whatever a test calls, `execute`, `graphql_sync` or `subscribe`, runs by plans.
"""

import importlib
import inspect
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphql
import pytest

from onecross.graphql import Executor, statistics

IS_3_3 = graphql.version_info >= (3, 3)


class Usage:
    """What one test used: how often the engine, and how often graphql-core for which reason."""

    def __init__(self) -> None:
        self.outcome = "passed"
        self.executed = 0
        self.synchronous: Counter[str] = Counter()
        self.asynchronous: Counter[str] = Counter()


class Ledger:
    """The usage of every test, and of the test that is running."""

    def __init__(self) -> None:
        self.tests: dict[str, Usage] = {}
        self.current = Usage()

    def write(self, path: Path) -> None:
        """Write the ledger as JSON for the process that started pytest."""
        path.write_text(json.dumps({name: vars(usage) for name, usage in self.tests.items()}))


ledger = Ledger()


class CountingExecutor(Executor):
    """The executor of onecross, which also tells where each operation went."""

    def execute_operation(self, *arguments: Any) -> Any:
        usage = ledger.current
        before = statistics(self.schema)
        result = None
        try:
            result = super().execute_operation(*arguments)
        finally:
            after = statistics(self.schema)
            usage.executed += after.executed - before.executed
            reasons = Counter(after.fallbacks) - Counter(before.fallbacks)
            if not reasons and after.executed == before.executed:
                reasons = Counter([self.why_not() or "no reason is known"])
            is_awaited = inspect.isawaitable(result)
            (usage.asynchronous if is_awaited else usage.synchronous).update(reasons)
        return result

    def why_not(self) -> str | None:
        """Why the executor did not even ask the engine."""
        signal = getattr(self, "abort_signal", None)
        if signal is None:
            return None
        return "aborted before it began" if signal.aborted else "a signal between serial fields"


def rebind() -> None:
    """Put the executor where graphql-core looks up its own."""
    module: Any = importlib.import_module("graphql.execution.execute")
    name = "IncrementalExecutor" if IS_3_3 else "ExecutionContext"
    setattr(module, name, CountingExecutor)


rebind()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says where the ledger goes."""
    parser.addoption("--ledger", type=Path, help="where to write what each test used")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Open the usage of a test."""
    ledger.current = ledger.tests[item.nodeid] = Usage()
    return (yield)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the outcome of a test: what failed or was skipped in any of its phases."""
    if report.outcome != "passed":
        ledger.tests[report.nodeid].outcome = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the ledger over."""
    path = session.config.getoption("--ledger")
    if path is not None:
        ledger.write(path)
