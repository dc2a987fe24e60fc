"""What the benchmark prints: the head with all versions, and one table for each question."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import distributions, version

from measure import Table, ratio_text

PACKAGES = (
    *("onecross", "ariadne", "graphene", "strawberry-graphql", "graphql-core", "orjson"),
    *("apsw", "pysqlite3-binary"),
)


def head(rounds: int) -> Iterator[str]:
    """Write what the figures depend on."""
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    yield f"{platform.python_implementation()} {platform.python_version()}, {system}"
    installed = {found.name for found in distributions()}
    yield ", ".join(f"{package} {version(package)}" for package in PACKAGES if package in installed)
    yield f"{rounds} interleaved rounds, medians; the garbage collector is on, as in a service"


def lines(table: Table) -> Iterator[str]:
    """Write a table, one contestant to a line."""
    yield ""
    yield table.question
    compared = "onecross / it" if any(row.ratio is not None for row in table.rows) else ""
    yield f"  {'':<44}{table.unit:>10}{compared:>16}".rstrip()
    for row in table.rows:
        ratio = "" if row.ratio is None else ratio_text(row.ratio)
        yield f"  {row.name:<44}{row.figure:>10,.3f}{ratio:>16}   {row.goal}".rstrip()
