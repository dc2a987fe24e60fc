"""ARCHITECTURE.md holds: its commands, its tables, and the names the package exports."""

import ast
import importlib
import pkgutil
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import onecross
from onecross import _core, errors

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
PUBLIC_MODULES = [
    "onecross",
    "onecross.errors",
    "onecross.graphql",
    "onecross.graphql.ariadne",
    "onecross.graphql.graphene_django",
    "onecross.graphql.strawberry",
    "onecross.sql.errors",
    "onecross.sql.sqlalchemy",
]
# What these export is PEP 249's, the standard library's and Django's, and has tests of its own.
MODULES_OF_A_STANDARD = [
    "onecross.sql",
    "onecross.sql.constants",
    "onecross.sql.django",
    "onecross.sql.django.base",
    "onecross.sql.sqlite3",
    "onecross.sql.sqlite3.dbapi2",
    "onecross.sql.sqlite3.dump",
]


def test_there_are_invariants():
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.strip())
def test_invariant(command):
    finished = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    # A command that could not do its work has found nothing either.
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


def test_the_invariants_can_be_broken():
    """Each command that looks for something names places that exist, with something in them."""
    for path in re.findall(r"(?<= )(?:crates|python)/[\w./]+", "".join(COMMANDS)):
        place = ROOT / path
        assert place.is_file() or any(place.rglob("*.*")), path


def table(heading: str) -> set[str]:
    """The names in the first column of the table below a line."""
    rows = PAGE.partition(heading)[2].lstrip("\n").partition("\n\n")[0]
    return {name for row in rows.splitlines() for name in re.findall("`(.+?)`", row.split("|")[1])}


def test_every_folder_is_on_the_map():
    made = {"site", "target"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - made
    mapped = {name.split("/")[0] for name in table("## Code map\n")}
    assert {name for name in folders if name[0] != "."} <= mapped
    assert all((ROOT / name).is_dir() for name in table("## Code map\n"))


def test_every_crate_that_is_used_says_why():
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    used = set(manifest["workspace"]["dependencies"])
    for path in [*(ROOT / "crates").glob("*/Cargo.toml"), ROOT / "fuzz" / "Cargo.toml"]:
        crate = tomllib.loads(path.read_text(encoding="utf-8"))
        for kind in ("dependencies", "dev-dependencies", "build-dependencies"):
            used.update(crate.get(kind, {}))
    used = {name for name in used if not name.startswith("onecross-")}
    assert table("Those of Rust:\n") == used


def test_every_package_that_is_used_says_why():
    asked = "\n".join(path.read_text("utf-8") for path in (ROOT / "requirements").glob("*.in"))
    lines = [line for line in asked.splitlines() if line and not line.startswith(("#", "-"))]
    assert table("for development only:\n") == {re.match(r"[\w-]+", line)[0] for line in lines}


def statements(module: str) -> ast.Module:
    return ast.parse(Path(importlib.import_module(module).__file__).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PUBLIC_MODULES)
def test_exports_are_what_is_there(name):
    module = importlib.import_module(name)
    defined = set()
    for statement in statements(name).body:
        match statement:
            case ast.ImportFrom(names=names):
                defined.update(alias.asname for alias in names if alias.asname)
            case ast.ClassDef(name=own) | ast.FunctionDef(name=own):
                defined.add(own)
    assert set(module.__all__) == {
        each for each in defined if each == "__version__" or each[0] != "_"
    }
    assert module.__all__ == sorted(module.__all__)
    assert all(hasattr(module, each) for each in module.__all__)


def test_no_module_is_public_by_accident():
    found = {
        module.name
        for module in pkgutil.walk_packages(onecross.__path__, "onecross.")
        if "._" not in module.name
    }
    assert {"onecross", *found} == {*PUBLIC_MODULES, *MODULES_OF_A_STANDARD}


def test_the_stub_names_what_the_extension_exports():
    stub = ast.parse((ROOT / "python/onecross/_core.pyi").read_text(encoding="utf-8"))
    (named,) = (
        ast.literal_eval(statement.value)
        for statement in stub.body
        if isinstance(statement, ast.Assign) and statement.targets[0].id == "__all__"
    )
    assert sorted(_core.__all__) == sorted(named)


def test_versions_are_equal():
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    assert onecross.__version__ == _core.__version__
    assert onecross.__version__ == manifest["workspace"]["package"]["version"]


def drawn_errors() -> dict[str, tuple[str | None, str]]:
    """The tree in the docstring: each class with the builtin that it also is, and its words."""
    rows = re.findall(r"^[ │├└─]*(\w+Error)(?: \((\w+)\))?(.*)$", errors.__doc__, re.MULTILINE)
    return {name: (builtin or None, words.strip()) for name, builtin, words in rows}


def test_every_error_is_drawn_in_the_tree():
    assert sorted(drawn_errors()) == sorted(errors.__all__)


@pytest.mark.parametrize("name", errors.__all__)
def test_an_error_is_what_its_drawing_says(name):
    builtin, words = drawn_errors()[name]
    class_ = getattr(errors, name)
    assert getattr(onecross, name) is class_
    assert issubclass(class_, onecross.OnecrossError)
    assert class_.__module__ == "onecross.errors"
    assert class_.__doc__
    assert [base.__name__ for base in class_.__bases__ if base.__module__ == "builtins"] == [
        builtin or "Exception"
    ]
    assert words or class_ is onecross.OnecrossError
    assert re.fullmatch("[a-z_]+", class_.code)


def test_codes_of_errors_are_distinct():
    codes = [getattr(errors, name).code for name in errors.__all__]
    assert len(set(codes)) == len(codes)
