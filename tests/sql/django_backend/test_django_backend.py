"""A project of Django's with migrations, on the backend `onecross.sql.django`.

Each command is a process of its own, in which warnings are errors. What is asked of models,
transactions and threads is in `project/library/tests.py`, which Django's own runner runs.
"""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from onecross.sql import sqlite3

PROJECT = Path(__file__).parent / "project"

# What makes Django build the table anew.
A_LATER_BOOK = {
    "    pages = models.PositiveIntegerField(default=0)\n": "",
    "models.CharField(max_length=40)\n": "models.CharField(max_length=80, db_index=True)\n",
    "    class Meta:\n": '    language = models.CharField(max_length=4, default="it\'s")\n\n'
    "    class Meta:\n",
}

# Django looks at the version of the standard library's SQLite as it is imported.
WITH_AN_OLD_SQLITE = """
import os, sqlite3
sqlite3.dbapi2.sqlite_version_info = (3, 31, 0)
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
import django
django.setup()
from django.db import connection
from library.models import Author
print(
    connection.features.can_return_rows_from_bulk_insert,
    connection.features.can_alter_table_drop_column,
    "JSON path" in str(connection.features.django_test_skips),
    connection.ops.force_group_by(),
    [author.pk for author in Author.objects.bulk_create([Author(name="B"), Author(name="C")])],
)
connection.close()
"""

LIBRARY = [
    {"model": "library.author", "pk": 1, "fields": {"name": "Ada"}},
    {
        "model": "library.book",
        "pk": 5,
        "fields": {
            "author": 1,
            "title": "Ü 🪑",
            "pages": 7,
            "price": "9.50",
            "weight": None,
            "is_sold": True,
            "printed": "2026-11-22",
            "opened": "20:15:00",
            "bought": "2026-11-22T20:15:00.123Z",
            "lent_for": "3 00:00:00",
            "cover": "AP8=",
            "facts": {"tags": ["a", None]},
            "key": "00000000-0000-0000-0000-000000000007",
        },
    },
]


class Project:
    """A project in a folder, with a database in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "library.db"

    def manage(self, *arguments: str, **environment: str) -> str:
        return self.python("manage.py", *arguments, **environment)

    def python(self, *arguments: str, **environment: str) -> str:
        finished = subprocess.run(
            [sys.executable, "-W", "error", *arguments],
            cwd=self.folder,
            env={**os.environ, "DATABASE": str(self.database), **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout + finished.stderr

    def dump(self, *arguments: str) -> list[dict[str, object]]:
        return json.loads(self.manage("dumpdata", *arguments))

    def tables(self) -> set[str]:
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute("select name from sqlite_master where type = 'table'")
            return {name for (name,) in rows if name.startswith("library_")}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The project, migrated, with rows; it is not changed any more."""
    library = Project(tmp_path_factory.mktemp("library"))
    shutil.copytree(PROJECT, library.folder, dirs_exist_ok=True)
    library.manage("makemigrations", "library")
    library.manage("migrate")
    rows = library.folder / "rows.json"
    rows.write_text(json.dumps(LIBRARY), encoding="utf-8")
    assert "Installed 2 object(s)" in library.manage("loaddata", str(rows))
    return library


@pytest.fixture
def project(library, tmp_path):
    """A copy, to be changed."""
    shutil.copytree(library.folder, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)


@pytest.mark.parametrize("processes", ["1", "2"])
@pytest.mark.parametrize("place", ["memory", "file"])
def test_django_s_runner_passes(project, place, processes):
    before = set(project.folder.iterdir())
    environment = {"DATABASE": ":memory:"} if place == "memory" else {}
    printed = project.manage("test", "--parallel", processes, **environment)
    assert "Found 18 test(s)" in printed
    assert printed.count("Destroying test database") == (1 if processes == "1" else 3)
    assert set(project.folder.iterdir()) == before


@pytest.mark.parametrize("command", ["dumpdata", "inspectdb", "showmigrations", "sqlmigrate"])
def test_commands_write_what_they_write_on_django_s_own_backend(library, command):
    arguments = ["library", "0001"] if command == "sqlmigrate" else []
    written = library.manage(command, *arguments)
    assert written == library.manage(command, *arguments, ENGINE="django.db.backends.sqlite3")
    assert "library" in written


def test_features_are_those_of_our_sqlite(project):
    assert project.python("-c", WITH_AN_OLD_SQLITE) == "True True False [] [2, 3]\n"


def test_data_are_dumped_and_loaded(project):
    assert project.dump("library") == LIBRARY
    project.manage("flush", "--no-input")
    assert project.dump("library") == []


def test_migrations_change_tables_and_keep_rows(project):
    assert project.tables() == {"library_author", "library_book"}
    models = project.folder / "library" / "models.py"
    text = models.read_text(encoding="utf-8")
    for old, new in A_LATER_BOOK.items():
        assert old in text
        text = text.replace(old, new)
    models.write_text(text, encoding="utf-8")
    assert "Remove field pages from book" in project.manage("makemigrations", "library")
    project.manage("migrate")
    assert "No changes" in project.manage("makemigrations", "--check", "library")

    author, book = project.dump("library")
    fields = {**LIBRARY[1]["fields"], "language": "it's"}
    del fields["pages"]
    assert (author, book["fields"]) == (LIBRARY[0], fields)

    project.manage("migrate", "library", "0001")
    assert project.dump("library.author") == [author]
    project.manage("migrate", "library", "zero")
    assert project.tables() == set()
