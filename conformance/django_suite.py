"""Run Django's own tests of databases on the backend onecross.sql.django; every one must pass.

python conformance/django_suite.py [--theirs] [LABEL ...]
"""

import argparse
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import source_distribution

VERSION = "5.2.19"
SHA256 = "ad03d8abc51dbff95ebf34b27123cf0c26a3b62db7ba0cd520783686362533d1"
# Those that were not skipped, as they are for databases of other kinds.
# CPython 3.12.1 does not count all that are skipped, 3.11 and 3.13 do.
RAN_AT_LEAST = 3_100

SOURCE = source_distribution.CACHE / f"django-{VERSION}"
# What is about the database; the rest of the suite is about Django's other parts.
LABELS = [
    *("aggregation", "annotations", "backends", "basic", "bulk_create", "composite_pk"),
    *("constraints", "custom_columns", "custom_pk", "datatypes", "dates", "datetimes"),
    *("db_functions", "dbshell", "delete", "expressions", "expressions_case"),
    *("expressions_window", "fixtures", "force_insert_update", "get_or_create", "indexes"),
    *("inspectdb", "introspection", "lookup", "many_to_many", "max_lengths", "model_fields"),
    *("null_queries", "ordering", "queries", "raw_query", "schema", "select_for_update"),
    *("timezones", "transaction_hooks", "transactions", "update"),
]

SETTINGS = """
DATABASES = {{alias: {{"ENGINE": "{engine}"}} for alias in ("default", "other")}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECRET_KEY = "known to everybody"
USE_TZ = False
"""
ENDING = re.compile(r"^Ran (\d+) tests? in .*\n\n(OK|FAILED)(?: \((.*)\))?$", re.MULTILINE)


def fetch() -> None:
    """Unpack the tests of the version that is installed."""
    installed = version("django")
    if installed != VERSION:
        raise SystemExit(f"Django {installed} is installed, but tests are pinned of {VERSION}.")
    archive = f"django-{VERSION}.tar.gz"
    source_distribution.unpack(source_distribution.fetch("django", VERSION, archive, SHA256))


def run(engine: str, labels: list[str]) -> str:
    """Run the tests by Django's runner, in two processes; return what it printed."""
    with TemporaryDirectory() as folder:
        settings = Path(folder, "settings_of_the_suite.py")
        settings.write_text(SETTINGS.format(engine=engine), encoding="utf-8")
        import_path = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")]))
        answer = subprocess.run(
            [
                *(sys.executable, str(SOURCE / "tests" / "runtests.py")),
                *("--settings", settings.stem, "--parallel", "2", *labels),
            ],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": import_path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    return answer.stdout


def main() -> None:
    """Fetch, run, print and judge."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--theirs", action="store_true", help="run on Django's own backend instead")
    parser.add_argument("labels", nargs="*", help="which tests, as Django's runner takes them")
    arguments = parser.parse_args()
    fetch()
    engine = "django.db.backends.sqlite3" if arguments.theirs else "onecross.sql.django"
    printed = run(engine, arguments.labels or LABELS)
    ending = ENDING.search(printed)
    if ending is None:
        raise SystemExit(f"{printed}\nThe tests did not come to their end.")
    counted = {"skipped": "0", **dict(re.findall(r"([a-z ]+)=(\d+)", ending[3] or ""))}
    ran = int(ending[1]) - int(counted["skipped"])
    figures = ", ".join(f"{number} {outcome.strip()}" for outcome, number in counted.items())
    print(f"Django {VERSION}, its tests of databases, on {engine}: {ran} run, {figures}")
    if ending[2] != "OK":
        raise SystemExit(printed)
    if not arguments.labels and ran < RAN_AT_LEAST:
        raise SystemExit(f"{ran} tests ran, fewer than {RAN_AT_LEAST}.")


if __name__ == "__main__":
    main()
