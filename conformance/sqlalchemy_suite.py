"""Run SQLAlchemy's tests of dialects on sqlite+onecross: what pysqlite passes, it must pass.

python conformance/sqlalchemy_suite.py [--database memory] [-k EXPRESSION] [--tracebacks]
"""

import argparse
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from xml.etree import ElementTree

import source_distribution

VERSION = "2.1.9"
SHA256 = "d700a8b2edfb26282a470333d6bc4a454c4acda4d201a3bea7b72fa76c217d28"
# Of each driver and database; fewer, and the suite was not collected as it should be.
TESTS_AT_LEAST = 2_000

HERE = Path(__file__).resolve().parent
SOURCE = source_distribution.CACHE / f"sqlalchemy-{VERSION}"
# The suite for all dialects, and the tests of SQLite's own.
TESTS = [SOURCE / "test/dialect/test_suite.py", SOURCE / "test/dialect/sqlite"]

DATABASES = {"memory": ":memory:", "file": "compliance.db"}
DRIVERS = ["pysqlite", "onecross"]
# A class that is made for a database has its driver and its version at the end of its name.
MADE_FOR = re.compile(r"_sqlite\+\w+?_[\d_]+$")


class Answer(NamedTuple):
    """What became of the tests of one driver: the outcome of each, and the details of bad ones."""

    outcomes: dict[str, str]
    details: dict[str, str]


def fetch() -> None:
    """Unpack the tests of the version that is installed."""
    installed = version("sqlalchemy")
    if installed != VERSION:
        raise SystemExit(f"SQLAlchemy {installed} is installed, but tests are pinned of {VERSION}.")
    archive = f"sqlalchemy-{VERSION}.tar.gz"
    source_distribution.unpack(source_distribution.fetch("sqlalchemy", VERSION, archive, SHA256))


def start(driver: str, database: str, folder: Path, pattern: str | None) -> subprocess.Popen[str]:
    """Start the tests of one driver in a folder of their own, under SQLAlchemy's configuration."""
    folder.mkdir(parents=True)
    # Without the user's packages, its tests leave the installed SQLAlchemy in its place.
    pytest = [sys.executable, "-s", "-m", "pytest", "--quiet", "--override-ini", "addopts="]
    plugins = ["no:cacheprovider", "no:asyncio", "no:benchmark", "sqlalchemy_driver"]
    configuration = ["--rootdir", str(SOURCE), "-c", str(SOURCE / "pyproject.toml")]
    url = f"sqlite+{driver}:///{DATABASES[database]}"
    command = [
        *pytest,
        *(f"-p{plugin}" for plugin in plugins),
        *configuration,
        *(["-k", pattern] if pattern else []),
        *("--dburi", url, "--junitxml", "results.xml"),
        *map(str, TESTS),
    ]
    import_path = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": import_path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read(results: Path) -> Answer:
    """Read what pytest wrote of each test."""
    outcomes, details = {}, {}
    for case in ElementTree.parse(results).iter("testcase"):
        group = MADE_FOR.sub("", case.get("classname", "")).rpartition("dialect.")[2]
        test = f"{group}::{case.get('name')}"
        bad = [part for part in case if part.tag in ("failure", "error")]
        skipped = case.find("skipped") is not None
        outcomes[test] = bad[0].tag if bad else "skipped" if skipped else "passed"
        details[test] = "\n".join(part.text or "" for part in bad)
    return Answer(outcomes, details)


def run(database: str, folder: Path, pattern: str | None) -> dict[str, Answer]:
    """Run the tests of both drivers beside each other."""
    started = {driver: start(driver, database, folder / driver, pattern) for driver in DRIVERS}
    printed = {driver: process.communicate()[0] for driver, process in started.items()}
    answers = {}
    for driver, text in printed.items():
        results = folder / driver / "results.xml"
        if not results.exists():
            raise SystemExit(f"{text}\nThe tests of {driver} did not come to their end.")
        answers[driver] = read(results)
    return answers


def judge(pysqlite: Answer, onecross: Answer) -> Iterator[str]:
    """Say what is wrong: a test that passes for pysqlite and not here, or fails here alone."""
    for test, theirs in pysqlite.outcomes.items():
        ours = onecross.outcomes.get(test, "not there")
        if ours != theirs and theirs == "passed":
            yield f"{test}: {ours}, passed with pysqlite"
    for test, ours in onecross.outcomes.items():
        if ours in ("failure", "error") and pysqlite.outcomes.get(test) in (None, "skipped"):
            yield f"{test}: {ours}, not run with pysqlite"


def main() -> None:
    """Fetch, run, print and judge."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--database", choices=DATABASES, help="where, if not in both")
    parser.add_argument("-k", dest="pattern", help="which tests, as pytest takes it")
    parser.add_argument("--tracebacks", action="store_true", help="print what failed in full")
    arguments = parser.parse_args()
    fetch()
    faults: list[str] = []
    for database in [arguments.database] if arguments.database else DATABASES:
        with TemporaryDirectory() as folder:
            answers = run(database, Path(folder), arguments.pattern)
        for driver, answer in answers.items():
            counted = Counter(answer.outcomes.values())
            numbers = ", ".join(f"{counted[outcome]} {outcome}" for outcome in sorted(counted))
            print(f"SQLAlchemy {VERSION}, sqlite+{driver}, in {database}: {numbers}")
            if not arguments.pattern and len(answer.outcomes) < TESTS_AT_LEAST:
                faults.append(f"{len(answer.outcomes)} tests of {driver} ran in {database}.")
        found = list(judge(answers["pysqlite"], answers["onecross"]))
        faults += [f"in {database}: {fault}" for fault in found]
        if arguments.tracebacks:
            print("\n".join(filter(None, answers["onecross"].details.values())))
    if faults:
        raise SystemExit("\n".join(["", *faults]))


if __name__ == "__main__":
    main()
