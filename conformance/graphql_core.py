"""Run graphql-core's own tests against the engine, and hold it to the committed figures.

python conformance/graphql_core.py
"""

import json
import os
import subprocess
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import source_distribution

SHA256 = {
    "3.3.2": "15d6eee7d4364fbc202833bc6bd0d504004d8ae7c0aaf620fa884d8e437622f2",
    "3.2.14": "efec124d951f2997e8f28bb9f056d0a3b4b11dce720e2225723ec20fac570af5",
}
VERSION = version("graphql-core")

HERE = Path(__file__).resolve().parent
SOURCE = source_distribution.CACHE / f"graphql_core-{VERSION}"
COMMITTED = HERE / "graphql_core.json"

# What graphql-core alone can do; it has pages of tests, and each is left to it whole.
INCREMENTAL = "incremental delivery"


Ledger = dict[str, dict[str, Any]]


class Figures(NamedTuple):
    """What a run is judged by: tests, counted."""

    outcomes: Counter[str]
    through_engine: int
    left_synchronous: dict[str, str]
    left_asynchronous: Counter[str]
    incremental: int


def run_tests() -> tuple[int, Ledger]:
    """Run the tests under their own configuration; return pytest's exit code and the ledger."""
    pytest = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider"]
    # Their options are for their benchmarks, which need one more plugin and prove nothing here.
    selected = ["--override-ini", "addopts=", "--ignore", "tests/benchmarks", "tests"]
    import_path = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    with TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger.json"
        answer = subprocess.run(
            [*pytest, "-p", "reroute", "--ledger", str(ledger), *selected],
            cwd=SOURCE,
            env={**os.environ, "PYTHONPATH": import_path},
            check=False,
        )
        if not ledger.exists():
            raise SystemExit(f"pytest could not start: it ended with code {answer.returncode}.")
        return answer.returncode, json.loads(ledger.read_text())


def count(ledger: Ledger) -> Figures:
    """Count tests: a test that used both the engine and graphql-core counts for both."""
    left = {
        test: ", ".join(sorted(set(usage["synchronous"]) - {INCREMENTAL}))
        for test, usage in ledger.items()
    }
    return Figures(
        outcomes=Counter(usage["outcome"] for usage in ledger.values()),
        through_engine=sum(usage["executed"] > 0 for usage in ledger.values()),
        left_synchronous={test: reason for test, reason in left.items() if reason},
        left_asynchronous=Counter(
            reason
            for usage in ledger.values()
            for reason in usage["asynchronous"]
            if reason != INCREMENTAL
        ),
        incremental=sum(
            INCREMENTAL in usage["synchronous"] or INCREMENTAL in usage["asynchronous"]
            for usage in ledger.values()
        ),
    )


def print_table(figures: Figures) -> None:
    """Print the figures, one to a line."""
    lines = [
        *((f"tests {outcome}", number) for outcome, number in sorted(figures.outcomes.items())),
        ("tests through the engine", figures.through_engine),
        ("tests of incremental delivery, left to graphql-core", figures.incremental),
        ("synchronous tests left to graphql-core", len(figures.left_synchronous)),
        *((f"  {reason}", n) for reason, n in Counter(figures.left_synchronous.values()).items()),
        ("asynchronous tests left to graphql-core", figures.left_asynchronous.total()),
        *((f"  {reason}", number) for reason, number in figures.left_asynchronous.items()),
    ]
    print(f"\ngraphql-core {VERSION}, its own tests, against onecross")
    for label, number in lines:
        print(f"  {label:<60}{number:>6,}")


def judge(exit_code: int, figures: Figures, committed: dict[str, Any]) -> list[str]:
    """Say how the run differs from what is committed."""
    faults = []
    if exit_code != 0:
        faults.append(f"The tests did not all pass: pytest ended with code {exit_code}.")
    if not figures.outcomes["passed"]:
        faults.append("No test passed, so nothing was proved.")
    if figures.through_engine < committed["through_engine_at_least"]:
        faults.append(
            f"{figures.through_engine} tests went through the engine, but "
            f"{committed['through_engine_at_least']} are committed."
        )
    listed, found = committed["left_to_graphql_core"], figures.left_synchronous
    faults.extend(
        f"{test}: left to graphql-core for {found.get(test, 'no reason')!r}, but "
        f"{listed.get(test, 'no reason')!r} is listed."
        for test in sorted({*listed, *found})
        if listed.get(test) != found.get(test)
    )
    return faults


def main() -> None:
    """Fetch, run, print and judge."""
    if VERSION not in SHA256:
        pinned = " and ".join(SHA256)
        raise SystemExit(f"graphql-core {VERSION} is installed, but tests are pinned of {pinned}.")
    committed = json.loads(COMMITTED.read_text())[VERSION]
    archive = source_distribution.fetch(
        "graphql-core", VERSION, f"graphql_core-{VERSION}.tar.gz", SHA256[VERSION]
    )
    source_distribution.unpack(archive)
    exit_code, ledger = run_tests()
    figures = count(ledger)
    print_table(figures)
    faults = judge(exit_code, figures, committed)
    if faults:
        raise SystemExit("\n".join(["", *faults]))
    if figures.through_engine != committed["through_engine_at_least"]:
        print(
            f"\nBetter than committed: write {figures.through_engine} "
            f"into conformance/{COMMITTED.name}."
        )


if __name__ == "__main__":
    main()
