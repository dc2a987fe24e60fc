"""Extensions of SQLite: they are off unless they are asked for."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import onecross.sql
from onecross.sql import constants

SOURCE = Path(__file__).parents[2] / "crates/sqlite/tests/driver/extension.c"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The path of an extension that was compiled."""
    path = tmp_path_factory.mktemp("extension") / "extension.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", path, SOURCE], check=True)
    return path


def refused(connection, *arguments, **options):
    with pytest.raises(onecross.sql.OperationalError) as caught:
        connection.load_extension(*arguments, **options)
    return str(caught.value)


def test_an_extension_is_loaded_only_where_it_is_allowed(connection, library):
    assert refused(connection, library) == "not authorized"
    with pytest.raises(onecross.sql.OperationalError, match="not authorized"):
        connection.execute("select load_extension(?)", (str(library),))
    assert connection.getconfig(constants.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION) is False

    connection.enable_load_extension(True)
    assert connection.load_extension(library) is None
    connection.load_extension(str(library))
    assert connection.execute("select load_extension(?)", (str(library),)).fetchone() == (None,)

    connection.enable_load_extension(False)
    assert refused(connection, library) == "not authorized"


def test_an_entry_point_is_chosen(connection, library):
    connection.enable_load_extension(True)
    connection.load_extension(library, entrypoint="sqlite3_extension_init")
    failed = refused(connection, library, entrypoint="failing_entry_point")
    assert failed.startswith("error during initialization")
    assert "no_such_entry_point" in refused(connection, library, entrypoint="no_such_entry_point")


def test_a_library_that_there_is_not_is_named(connection):
    connection.enable_load_extension(True)
    assert "no-such-library" in refused(connection, "no-such-library")


def test_an_extension_is_told_to_those_who_audit(library):
    program = """
        import sys
        from onecross.sql import sqlite3

        events = []
        sys.addaudithook(lambda event, arguments: events.append((event, arguments)))
        connection = sqlite3.connect(":memory:")
        connection.enable_load_extension(True)
        connection.load_extension(sys.argv[1])
        told = [(event, arguments) for event, arguments in events if "extension" in event]
        assert told == [
            ("sqlite3.enable_load_extension", (connection, True)),
            ("sqlite3.load_extension", (connection, sys.argv[1])),
        ], told
        connection.close()
    """
    command = [sys.executable, "-c", textwrap.dedent(program), library]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
