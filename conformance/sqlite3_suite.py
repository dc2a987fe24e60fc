"""Run CPython's own tests of sqlite3 on onecross.sql.sqlite3, and hold it to what is committed.

python conformance/sqlite3_suite.py [--module dbapi] [-k PATTERN] [--tracebacks] [--stdlib]
"""

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
import sysconfig
import venv
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
COMMITTED = HERE / "sqlite3_suite.json"
SUITE = Path(sysconfig.get_path("stdlib"), "test", "test_sqlite3")
VERSION = "{}.{}".format(*sys.version_info)
MOST_EXCEPTIONS = 5
# All modules of the standard library's own take three seconds together.
SECONDS_FOR_A_MODULE = 60
MOST_LINES_OF_STACK = 40

REROUTED = """
import onecross.sql.sqlite3 as ours, sqlite3, sqlite3.dbapi2, sqlite3.dump, _sqlite3
assert sqlite3 is ours and sqlite3.dbapi2 is _sqlite3 is ours.dbapi2
assert sqlite3.dump is ours.dump
"""
NOT_REROUTED = """
import sqlite3, _sqlite3
assert sqlite3.__name__ == 'sqlite3' and sqlite3.connect is _sqlite3.connect
"""


class Result(NamedTuple):
    """What became of one test."""

    test: str
    outcome: str
    detail: str

    @property
    def is_good(self) -> bool:
        return self.outcome in ("passed", "skipped")

    def summary(self) -> str:
        """The name, and the last line of the traceback."""
        last_line = self.detail.strip().rpartition("\n")[2]
        return f"  {self.outcome:<8}{self.test}: {last_line}"


def make_interpreter(folder: Path, stdlib: bool) -> Path:
    """Make a virtual environment whose every process imports ours as `sqlite3`.

    A variable of the environment would not do: CPython's tests start isolated interpreters.
    """
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    if not stdlib:
        onecross = importlib.util.find_spec("onecross")
        if onecross is None or onecross.origin is None:
            raise SystemExit(f"onecross is not installed for {sys.executable}: run `make build`.")
        places = {"base": str(folder), "platbase": str(folder)}
        packages = Path(sysconfig.get_path("purelib", "venv", places))
        lines = [str(Path(onecross.origin).parent.parent), str(HERE), "import sqlite3_reroute"]
        (packages / "sqlite3_reroute.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")
    proof = NOT_REROUTED if stdlib else REROUTED
    answer = subprocess.run(
        [python, "-I", "-c", proof], capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        what = "the standard library" if stdlib else "onecross.sql.sqlite3"
        raise SystemExit(f"`import sqlite3` does not give {what}:\n{answer.stderr.rstrip()}")
    return python


def read(ledger: Path) -> tuple[list[Result], str | None]:
    """Read what a module wrote: the results, and the test that began and did not end."""
    lines = ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else []
    written = [Result(*json.loads(line)) for line in lines]
    results = [result for result in written if result.outcome != "began"]
    unfinished = {result.test for result in written} - {result.test for result in results}
    return results, unfinished.pop() if unfinished else None


def cause(answer: subprocess.CompletedProcess[str]) -> str:
    """Say how a process ended that did not come to its end."""
    code, stack = answer.returncode, answer.stderr.splitlines()[-MOST_LINES_OF_STACK:]
    if any(line.startswith("Timeout (") for line in stack):
        return "\n".join([*stack, "it hung"])
    ending = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return "\n".join([*stack, f"the process ended with {ending}"])


def run_module(python: Path, module: str, pattern: str | None, folder: Path) -> list[Result]:
    """Run one module; after a crash, or a test that hangs, go on behind that test."""
    ledger = folder / f"{module}.ledger"
    files = folder / module
    files.mkdir()
    patterns = [pattern] if pattern else []
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    while True:
        try:
            answer = subprocess.run(
                [python, HERE / "sqlite3_module.py", ledger, module, *patterns],
                cwd=files,
                env=environment,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SECONDS_FOR_A_MODULE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            results, unfinished = read(ledger)
            reason = f"stopped after {SECONDS_FOR_A_MODULE} seconds, what follows was not run"
            return [*results, Result(unfinished or module, "crashed", reason)]
        results, unfinished = read(ledger)
        if answer.returncode == 0:
            return results
        crash = Result(unfinished or f"{module}, outside a test", "crashed", cause(answer))
        if unfinished is None:
            return [*results, crash]
        with ledger.open("a", encoding="utf-8") as file:
            print(json.dumps(crash), file=file)


def print_table(results: dict[str, list[Result]], subject: str) -> None:
    """Print how many tests of each module ended how."""
    columns = ("passed", "failed", "error", "crashed", "skipped")
    print(f"CPython {sys.version.split()[0]}, its own tests of sqlite3, against {subject}")
    print(f"  {'':<28}{'run':>9}" + "".join(f"{column:>9}" for column in columns))
    everything = [result for module in results.values() for result in module]
    for label, of_label in [*results.items(), ("together", everything)]:
        if not of_label:
            continue
        counted = Counter(result.outcome for result in of_label)
        ran = len(of_label) - counted["skipped"]
        numbers = [ran, *(counted[column] for column in columns)]
        print(f"  {label:<28}" + "".join(f"{number:>9}" for number in numbers))


def judge(results: list[Result], allowed: dict[str, str]) -> list[str]:
    """Say which tests ended otherwise than is committed."""
    faults = [
        result.summary() for result in results if not result.is_good and result.test not in allowed
    ]
    faults.extend(
        f"  {result.outcome:<8}{result.test}: {COMMITTED.name} lists it as an exception"
        for result in results
        if result.is_good and result.test in allowed
    )
    return faults


def judge_whole(results: list[Result], committed: dict[str, Any]) -> list[str]:
    """Say what is wrong with a run of the whole suite, beside its tests."""
    ran = sum(result.outcome != "skipped" for result in results)
    allowed, least = committed["exceptions"], committed["ran_at_least"]
    faults = [
        f"  {test}: {COMMITTED.name} lists it, and there is no such test"
        for test in sorted(allowed.keys() - {result.test for result in results})
    ]
    if ran < least:
        faults.append(f"  {ran} tests ran, but {least} are committed")
    if len(allowed) > MOST_EXCEPTIONS:
        faults.append(f"  {len(allowed)} exceptions are listed; at most {MOST_EXCEPTIONS} may be")
    return faults


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--module", help="only this module of the suite: dbapi, types, ...")
    parser.add_argument("-k", dest="pattern", help="only tests whose name matches, as in unittest")
    parser.add_argument("--tracebacks", action="store_true", help="show each failure in full")
    parser.add_argument(
        "--stdlib", action="store_true", help="judge the judge: run the standard library's own"
    )
    return parser.parse_args()


def main() -> None:
    """Run, print and judge."""
    arguments = parse_arguments()
    modules = [path.stem for path in sorted(SUITE.glob("test_*.py"))]
    if not modules:
        raise SystemExit(
            f"CPython's own tests of sqlite3 are absent: {SUITE} has none. Install the tests of "
            f"this interpreter (libpython{VERSION}-testsuite on Debian), or run this with one that "
            "was built from source."
        )
    committed = json.loads(COMMITTED.read_text(encoding="utf-8")).get(VERSION)
    if committed is None:
        raise SystemExit(f"{COMMITTED.name} holds no figures for Python {VERSION}: add them.")
    if arguments.module:
        chosen = f"test_{arguments.module.removeprefix('test_')}"
        if chosen not in modules:
            raise SystemExit(f"There is no {chosen} among {', '.join(modules)}.")
        modules = [chosen]

    with TemporaryDirectory() as name:
        folder = Path(name)
        python = make_interpreter(folder / "venv", arguments.stdlib)
        results = {
            module: run_module(python, module, arguments.pattern, folder) for module in modules
        }
    print_table(results, "itself" if arguments.stdlib else "onecross")
    everything = [result for module in results.values() for result in module]
    faults = judge(everything, {} if arguments.stdlib else committed["exceptions"])
    if not arguments.module and not arguments.pattern:
        faults += judge_whole(everything, committed)
    if arguments.tracebacks:
        bad = [result for result in everything if not result.is_good]
        print("\n".join(f"\n{result.test} {result.outcome}\n{result.detail}" for result in bad))
    if not faults and not any(result.outcome == "passed" for result in everything):
        faults.append("  no test ran, so nothing was proved")
    if faults:
        raise SystemExit("\n".join(["", *faults]))


if __name__ == "__main__":
    main()
