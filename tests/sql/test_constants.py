"""SQLite's constants have the names and values of the standard library's."""

import ast
import sqlite3 as stdlib
from pathlib import Path

import pytest

from onecross import _core
from onecross.sql import constants
from onecross.sql import sqlite3 as ours

THEIRS = {name: value for name, value in vars(stdlib).items() if name.startswith("SQLITE_")}


def test_every_constant_of_the_standard_library_is_in_the_drop_in():
    assert {name: getattr(ours, name, None) for name in THEIRS} == THEIRS
    assert THEIRS.keys() <= set(ours.dbapi2.__all__)


def test_switches_are_in_the_drop_in_where_the_standard_library_has_them():
    switches = [name for name in vars(ours) if name.startswith("SQLITE_DBCONFIG_")]
    assert bool(switches) == any(name.startswith("SQLITE_DBCONFIG_") for name in THEIRS)


def test_the_stub_names_all_constants():
    stub = Path(constants.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    named = [
        statement.target.id
        for statement in ast.parse(stub).body
        if isinstance(statement, ast.AnnAssign)
    ]
    assert named == constants.__all__ == sorted(_core.sqlite_constants)
    assert all(getattr(constants, name) == _core.sqlite_constants[name] for name in named)


@pytest.mark.parametrize(
    ("text", "is_complete"),
    [
        ("", False),
        ("select 1", False),
        ("select 1;", True),
        ("select ';", False),
        ("create trigger t begin select 1;", False),
        ("create trigger t begin select 1; end;", True),
        ("sélect '€';", True),
    ],
)
def test_a_statement_is_complete_where_the_standard_library_says_so(text, is_complete):
    assert ours.complete_statement(text) is stdlib.complete_statement(text) is is_complete


@pytest.mark.parametrize("text", ["a\0;", "\ud800;"])
def test_what_no_text_of_sqlite_can_be_is_refused(text):
    with pytest.raises(ValueError, match=r"null character|surrogates"):
        ours.complete_statement(text)
