"""A pytest plugin: graphql-core's entry points run the onecross engine, and each test is counted.

Loaded with `-p` before collection, so that `from graphql import execute_sync` in a test finds the
rerouted function.
"""

import functools
import inspect
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import graphql
import pytest
from graphql.execution.execute import assume_not_async_iterable, assume_not_awaitable

# Imported before the rebinding, so that what the engine gives up reaches graphql-core and not us.
from onecross.graphql import Engine

SHARED_ARGUMENTS = frozenset(
    {"schema", "document", "root_value", "context_value", "variable_values", "operation_name"}
)
SYNCHRONOUS: dict[str, object] = {
    "is_awaitable": assume_not_awaitable,
    "is_async_iterable": assume_not_async_iterable,
}


class Usage:
    """What one test used: how often the engine, and how often graphql-core for which reason."""

    def __init__(self) -> None:
        self.outcome = "passed"
        self.executed = 0
        self.fallbacks: Counter[str] = Counter()


class Ledger:
    """The usage of every test, and of the test that is running."""

    def __init__(self) -> None:
        self.tests: dict[str, Usage] = {}
        self.current = Usage()

    def write(self, path: Path) -> None:
        """Write the ledger as JSON for the process that started pytest."""
        path.write_text(json.dumps({name: vars(usage) for name, usage in self.tests.items()}))


ledger = Ledger()


def reason_for_the_original(arguments: inspect.BoundArguments) -> str | None:
    """Say why a call must be graphql-core's, or None when the engine offers all it asks for."""
    given = dict(arguments.arguments)
    parameters = arguments.signature.parameters
    if "is_awaitable" in parameters:
        if {name: given.pop(name, None) for name in SYNCHRONOUS} != SYNCHRONOUS:
            return "asynchronous"
        schema = given["schema"]
        if schema.get_directive("defer") or schema.get_directive("stream"):
            return "incremental delivery"
    for name, value in given.items():
        if name not in SHARED_ARGUMENTS and value is not parameters[name].default:
            return f"option {name}"
    return None


def rerouted(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap an entry point: the engine where it offers what is asked, the original elsewhere."""
    signature = inspect.signature(original)

    @functools.wraps(original)
    def entry_point(*args: Any, **kwargs: Any) -> Any:
        try:
            arguments = signature.bind(*args, **kwargs)
        except TypeError:
            return original(*args, **kwargs)
        reason = reason_for_the_original(arguments)
        if reason:
            ledger.current.fallbacks[reason] += 1
            return original(*args, **kwargs)
        shared = {
            name: value for name, value in arguments.arguments.items() if name in SHARED_ARGUMENTS
        }
        # A test may change its schema between two calls, so that no engine outlives its call.
        engine = Engine(shared.pop("schema"))
        try:
            return engine.execute_document_sync(shared.pop("document"), **shared)
        finally:
            ledger.current.executed += engine.statistics.executed
            ledger.current.fallbacks.update(engine.statistics.fallbacks)

    return entry_point


def rebind() -> None:
    """Put the rerouted entry points wherever a test can import or reach them."""
    execute_module = sys.modules["graphql.execution.execute"]
    for name in ("execute", "execute_sync"):
        entry_point = rerouted(getattr(execute_module, name))
        for module in (graphql, graphql.execution, execute_module):
            setattr(module, name, entry_point)

    original = graphql.default_harness
    harness = original._replace(execute=graphql.execute)
    pipeline = sys.modules["graphql.graphql"]
    homes: tuple[Any, ...] = (graphql, graphql.harness, pipeline)
    for module in homes:
        module.default_harness = harness
    for function in (pipeline.graphql, pipeline.graphql_sync, pipeline.graphql_impl):
        function.__defaults__ = tuple(
            harness if default is original else default for default in function.__defaults__
        )


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
