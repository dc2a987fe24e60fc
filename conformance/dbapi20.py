"""Run the compliance suite of PEP 249 on onecross.sql; every test must pass.

python conformance/dbapi20.py [--stdlib]
"""

import argparse
import importlib.util
import unittest
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import source_distribution

VERSION = "1.15.0"
SHA256 = "d20568877e2569e85679d2324de25bf5580156f7d9ab847fc43a72a98d326c40"
TESTS = 36

ARCHIVE = f"dbapi-compliance-{VERSION}.zip"
MEMBER = f"dbapi-compliance-{VERSION}/dbapi20.py"

# Where the standard library's sqlite3 departs from the suite: a judge that finds less is blind.
FAILED_BY_SQLITE3 = {
    "test_BINARY",
    "test_DATETIME",
    "test_NUMBER",
    "test_ROWID",
    "test_STRING",
    "test_description",
    "test_fetchall",
    "test_fetchmany",
    "test_fetchone",
    "test_non_idempotent_close",
}


def load() -> ModuleType:
    """Import the suite out of the verified archive."""
    path = source_distribution.fetch("dbapi-compliance", VERSION, ARCHIVE, SHA256)
    with zipfile.ZipFile(path) as archive:
        extracted = archive.extract(MEMBER, path.parent)
    spec = importlib.util.spec_from_file_location("dbapi_compliance", extracted)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{extracted} cannot be imported.")
    suite = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(suite)
    return suite


def compliance_of(database_driver: ModuleType, suite: ModuleType) -> type[unittest.TestCase]:
    """Return the suite's tests for one driver, on a new database file for each test."""

    class Compliance(suite.DatabaseAPI20Test):
        driver = database_driver

        def setUp(self) -> None:
            folder = TemporaryDirectory(ignore_cleanup_errors=True)
            self.addCleanup(folder.cleanup)
            self.connect_args = (str(Path(folder.name, "compliance.db")),)

        def test_nextset(self) -> None:
            """The suite has every driver write this: a statement of SQLite has one result."""
            connection = self._connect()
            self.addCleanup(connection.close)
            cursor = connection.cursor()
            if hasattr(cursor, "nextset"):
                cursor.execute("select 1 union all select 2")
                assert tuple(cursor.fetchone()) == (1,)
                assert cursor.nextset() is None

        def test_setoutputsize(self) -> None:
            """The suite has every driver write this: no value is cut to the size."""
            connection = self._connect()
            self.addCleanup(connection.close)
            cursor = connection.cursor()
            cursor.setoutputsize(3, 0)
            cursor.execute("select 'more than three', x'0123456789'")
            assert tuple(cursor.fetchone()) == ("more than three", bytes.fromhex("0123456789"))

    return Compliance


def failures(result: unittest.TestResult) -> dict[str, str]:
    """Return each test that did not pass, with the traceback."""
    bad: list[tuple[Any, str]] = [*result.failures, *result.errors, *result.skipped]
    return {test.id().rpartition(".")[2]: detail for test, detail in bad}


def main() -> None:
    """Fetch, run, print and judge."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument(
        "--stdlib",
        action="store_true",
        help="judge the judge: of the standard library's sqlite3, find exactly what is known",
    )
    if parser.parse_args().stdlib:
        import sqlite3 as driver

        known = FAILED_BY_SQLITE3
    else:
        import onecross.sql as driver

        known = set()
    compliance = compliance_of(driver, load())
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(compliance).run(result)
    bad = failures(result)
    print(f"dbapi20 {VERSION} on {driver.__name__}: {result.testsRun} run, {len(bad)} not passed")
    for test in sorted(bad):
        print(f"  {test}")
    faults = [f"{test}\n{detail}" for test, detail in bad.items() if test not in known]
    faults += [f"{test} passed: strike it from the list" for test in sorted(known - bad.keys())]
    if result.testsRun != TESTS:
        faults.append(f"{result.testsRun} tests ran, but {TESTS} are known.")
    if faults:
        raise SystemExit("\n".join(["", *faults]))


if __name__ == "__main__":
    main()
