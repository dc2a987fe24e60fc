"""Run graphql-core's own tests against the engine, and hold it to the committed figures.

python conformance/graphql_core.py
"""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

VERSION = "3.3.2"
SHA256 = "15d6eee7d4364fbc202833bc6bd0d504004d8ae7c0aaf620fa884d8e437622f2"

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache"
SDIST = CACHE / f"graphql_core-{VERSION}.tar.gz"
SOURCE = CACHE / f"graphql_core-{VERSION}"
COMMITTED = HERE / "graphql_core.json"


Ledger = dict[str, dict[str, Any]]


class Figures(NamedTuple):
    """What a run is judged by: tests, counted."""

    outcomes: Counter[str]
    through_engine: int
    fell_back: int
    reasons: Counter[str]


def fetch() -> None:
    """Download the source distribution unless it is there, and verify it every time."""
    CACHE.mkdir(exist_ok=True)
    if not SDIST.exists():
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        download = ["download", "--no-deps", "--no-binary", "graphql-core", "--dest", str(CACHE)]
        answer = subprocess.run([*pip, *download, f"graphql-core=={VERSION}"], check=False)
        if answer.returncode != 0:
            raise SystemExit(
                f"graphql-core {VERSION} could not be downloaded: pip says why above. Connect to "
                f"a package index, or put its source distribution at {SDIST}, and run this again."
            )
    found = hashlib.sha256(SDIST.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(
            f"{SDIST} has the SHA-256 {found}, but {SHA256} is pinned. "
            "Delete the file and run this again."
        )


def unpack() -> None:
    """Unpack the verified source distribution."""
    with tarfile.open(SDIST) as archive:
        # The first releases of Python 3.11 have no extraction filters.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(CACHE)


def run_tests(not_applicable: dict[str, str]) -> tuple[int, Ledger]:
    """Run the tests under their own configuration; return pytest's exit code and the ledger."""
    deselected = [argument for test in not_applicable for argument in ("--deselect", test)]
    pytest = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider"]
    # Their options are for their benchmarks, which need one more plugin and prove nothing here.
    selected = ["--override-ini", "addopts=", "--ignore", "tests/benchmarks", *deselected, "tests"]
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
    return Figures(
        outcomes=Counter(usage["outcome"] for usage in ledger.values()),
        through_engine=sum(usage["executed"] > 0 for usage in ledger.values()),
        fell_back=sum(bool(usage["fallbacks"]) for usage in ledger.values()),
        reasons=Counter(reason for usage in ledger.values() for reason in usage["fallbacks"]),
    )


def print_table(figures: Figures, not_applicable: dict[str, str]) -> None:
    """Print the figures, one to a line."""
    lines = [
        *((f"tests {outcome}", number) for outcome, number in sorted(figures.outcomes.items())),
        ("tests that cannot apply", len(not_applicable)),
        ("tests through the engine", figures.through_engine),
        ("tests that fell back", figures.fell_back),
        *((f"  {reason}", number) for reason, number in figures.reasons.most_common()),
    ]
    print(f"\ngraphql-core {VERSION}, its own tests, against onecross")
    for label, number in lines:
        print(f"  {label:<60}{number:>6,}")


def judge(exit_code: int, figures: Figures, committed: dict[str, Any]) -> list[str]:
    """Say how the run falls short of the committed figures."""
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
    if figures.fell_back > committed["fell_back_at_most"]:
        faults.append(
            f"{figures.fell_back} tests fell back, but {committed['fell_back_at_most']} "
            "are committed, and that figure may only fall."
        )
    return faults


def main() -> None:
    """Fetch, run, print and judge."""
    if version("graphql-core") != VERSION:
        raise SystemExit(
            f"graphql-core {version('graphql-core')} is installed, but its tests are those of "
            f"{VERSION}. Install graphql-core=={VERSION}."
        )
    committed = json.loads(COMMITTED.read_text())
    not_applicable = committed["not_applicable"]
    fetch()
    unpack()
    exit_code, ledger = run_tests(not_applicable)
    figures = count(ledger)
    print_table(figures, not_applicable)
    faults = judge(exit_code, figures, committed)
    if faults:
        raise SystemExit("\n".join(["", *faults]))
    if (figures.through_engine, figures.fell_back) != (
        committed["through_engine_at_least"],
        committed["fell_back_at_most"],
    ):
        print(
            f"\nBetter than committed: write {figures.through_engine} and {figures.fell_back} "
            f"into conformance/{COMMITTED.name}."
        )


if __name__ == "__main__":
    main()
