"""A fresh connection of the drop-in is like one of the standard library, but for what is listed."""

import sqlite3 as stdlib
from contextlib import closing

import engine_differences as listed
import pytest

from onecross.sql import constants
from onecross.sql import sqlite3 as ours

# Compared as a whole below, or by what only one of the two can answer.
LISTS = {"collation_list", "compile_options", "function_list", "module_list", "pragma_list"}
# The names of compilers, and a place in memory.
OPTIONS_OF_A_BUILD = ("COMPILER=", "ATOMIC_INTRINSICS=")


@pytest.fixture
def connect(tmp_path):
    """Opens connections, each to a new file of the same name, and closes them in the end."""
    opened = []

    def connect(module):
        folder = tmp_path / f"{module.__name__}-{len(opened)}"
        folder.mkdir()
        opened.append(module.connect(folder / "fresh.db"))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def rows(connection, sql):
    return {row[0] if len(row) == 1 else row for row in connection.execute(sql)}


def check(differences, reasons):
    """All differences have a reason; and none has it in vain, where they were recorded."""
    assert set(differences) - set(reasons) == set()
    with closing(stdlib.connect(":memory:")) as connection:
        [source] = connection.execute("select sqlite_source_id()").fetchone()
    if source == listed.RECORDED:
        assert set(reasons) - set(differences) == set()
    assert all(reasons.values())


def test_options(connect):
    def options(module):
        found = rows(connect(module), "select compile_options from pragma_compile_options")
        return {option for option in found if not option.startswith(OPTIONS_OF_A_BUILD)}

    check(options(ours) ^ options(stdlib), listed.OPTIONS)


def test_pragmas(connect):
    def answer(module, pragma):
        connection = connect(module)
        folder = connection.execute("pragma database_list").fetchone()[2].rpartition("/")[0]
        try:
            answers = connection.execute(f"pragma {pragma}").fetchall()
        except (ours.Error, stdlib.Error) as error:
            return type(error).__name__, str(error)
        return repr(answers).replace(folder, "")

    def known(module):
        return rows(connect(module), "select name from pragma_pragma_list")

    assert known(stdlib) <= known(ours)
    pragmas = known(stdlib) - LISTS
    assert len(pragmas) > 50
    different = {name for name in pragmas if answer(ours, name) != answer(stdlib, name)}
    check(different, listed.PRAGMAS)


def test_limits(connect):
    names = [name for name in vars(stdlib) if name.startswith("SQLITE_LIMIT_")]
    assert len(names) > 10

    def limit(module, name):
        return connect(module).getlimit(getattr(stdlib, name))

    different = {name for name in names if limit(ours, name) != limit(stdlib, name)}
    check(different, listed.LIMITS)


def test_switches(connect):
    # Python 3.11 cannot ask for them, but of those in pragmas.
    names = [name for name in vars(stdlib) if name.startswith("SQLITE_DBCONFIG_")]

    def is_on(module, name):
        return connect(module).getconfig(getattr(constants, name))

    different = {name for name in names if is_on(ours, name) != is_on(stdlib, name)}
    check(different, {name: why for name, why in listed.SWITCHES.items() if name in names})


def test_functions(connect):
    def functions(module):
        return rows(connect(module), "select name, narg, type from pragma_function_list")

    def accepts(known, arguments):
        # A number below -2 is for so many and more: -4 for two.
        least = -2 - known if known < -2 else 0
        return known == arguments or (known < 0 and (arguments < 0 or arguments >= least))

    here = functions(ours)
    missing = {
        name
        for name, arguments, kind in functions(stdlib)
        if not any(
            (name, kind) == (ours_name, ours_kind) and accepts(known, arguments)
            for ours_name, known, ours_kind in here
        )
    }
    check(missing, listed.FUNCTIONS)


def test_modules(connect):
    def modules(module):
        return rows(connect(module), "select name from pragma_module_list")

    check(modules(stdlib) - modules(ours), listed.MODULES)
    for name in listed.MODULES:
        connection = connect(ours)
        assert connection.execute(f"select count(*) from {name}('[1]')").fetchone()[0] > 0
        assert name in rows(connection, "select name from pragma_module_list")


def test_collations(connect):
    def collations(module):
        return rows(connect(module), "select name from pragma_collation_list")

    check(collations(stdlib) - collations(ours), listed.COLLATIONS)


def test_what_was_recorded_is_noticed_when_it_changes():
    with pytest.raises(AssertionError):
        check({"new"}, {"known": "because"})
    with pytest.raises(AssertionError):
        check({"known"}, {"known": ""})
