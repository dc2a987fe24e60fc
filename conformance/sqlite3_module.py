"""Run the tests of one module of CPython's suite, and write a line as each begins and ends.

python conformance/sqlite3_module.py LEDGER MODULE [PATTERN]

A test that the ledger already names is not run again: after a crash the next process goes on behind
the test that crashed. `sqlite3_suite.py` starts this, in a folder for the files of the tests.
"""

# ruff: noqa: N802 - the methods are named by unittest

import faulthandler
import json
import sys
import traceback
import unittest
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SUITE = "test.test_sqlite3."
# The slowest of the standard library's own takes half a second.
SECONDS_FOR_A_TEST = 20
WORST_LAST = ("passed", "skipped", "failed", "error")


def name_of(test: Any) -> str:
    return test.id().replace(SUITE, "")


class LedgerResult(unittest.TestResult):
    """Writes what became of each test as soon as it is known."""

    def __init__(self, ledger: Path) -> None:
        super().__init__()
        self.ledger = ledger
        self.running: str | None = None
        self.outcome = "passed"
        self.detail = ""

    def write(self, test: str, outcome: str, detail: str = "") -> None:
        with self.ledger.open("a", encoding="utf-8") as file:
            print(json.dumps([test, outcome, detail]), file=file)

    def note(self, test: Any, outcome: str, detail: str) -> None:
        if self.running is None:
            # A class or a module that could not be set up, or was skipped whole.
            self.write(name_of(test), outcome, detail)
            return
        self.outcome = max(self.outcome, outcome, key=WORST_LAST.index)
        self.detail += detail

    def startTest(self, test: Any) -> None:
        self.running, self.outcome, self.detail = name_of(test), "passed", ""
        self.write(self.running, "began")
        faulthandler.dump_traceback_later(SECONDS_FOR_A_TEST, exit=True, file=sys.__stderr__)

    def stopTest(self, test: Any) -> None:
        faulthandler.cancel_dump_traceback_later()
        self.write(name_of(test), self.outcome, self.detail)
        self.running = None

    def addFailure(self, test: Any, err: Any) -> None:
        self.note(test, "failed", "".join(traceback.format_exception(*err)))

    def addError(self, test: Any, err: Any) -> None:
        self.note(test, "error", "".join(traceback.format_exception(*err)))

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            outcome = "failed" if issubclass(err[0], test.failureException) else "error"
            lines = traceback.format_exception(*err)
            self.note(test, outcome, f"{subtest._subDescription()}\n{''.join(lines)}")

    def addSkip(self, test: Any, reason: str) -> None:
        self.note(test, "skipped", reason)

    def addUnexpectedSuccess(self, test: Any) -> None:
        self.note(test, "failed", "passed, and CPython expects it to fail")


def tests_in(suite: Any) -> Iterator[Any]:
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_in(test)
        else:
            yield test


def main() -> None:
    ledger, module, *patterns = sys.argv[1:]
    path = Path(ledger)
    path.touch()
    named = {json.loads(line)[0] for line in path.read_text(encoding="utf-8").splitlines()}
    loader = unittest.TestLoader()
    if patterns:
        loader.testNamePatterns = [p if "*" in p else f"*{p}*" for p in patterns]
    faulthandler.enable(file=sys.__stderr__)
    loaded = loader.loadTestsFromName(SUITE + module)
    with warnings.catch_warnings():
        # As `python -m unittest` shows them.
        warnings.simplefilter("default")
        unittest.TestSuite(t for t in tests_in(loaded) if name_of(t) not in named).run(
            LedgerResult(path)
        )


if __name__ == "__main__":
    main()
