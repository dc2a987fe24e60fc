"""A small shell: `python -m onecross.sql.sqlite3 [file] [statement]`."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress

from onecross.sql import sqlite3

_FIRST_PROMPT = "sqlite> "
_NEXT_PROMPT = "    ... "
_HELP = "Enter a statement of SQL, over as many lines as it takes, and end it with a semicolon."


def main(arguments: Sequence[str] | None = None, *, program: str = "python -m sqlite3") -> None:
    """Runs one statement, or asks for statements until the input ends.

    Args:
        arguments: Those of the command line; `sys.argv` without its first, if not given.
        program: How the help calls what was started.

    Raises:
        SystemExit: Always: 0, or 1 where the one statement failed.
    """
    parser = ArgumentParser(prog=program, description="Run SQL on SQLite.")
    parser.add_argument(
        "filename",
        nargs="?",
        default=":memory:",
        help="the database, made if there is none; in memory, and gone afterwards, if not given",
    )
    parser.add_argument("sql", nargs="?", help="one statement, whose rows are printed")
    parser.add_argument(
        "-v", "--version", action="version", version=f"SQLite version {sqlite3.sqlite_version}"
    )
    options = parser.parse_args(arguments)

    connection = sqlite3.connect(options.filename, isolation_level=None)
    try:
        if options.sql:
            succeeded = _run(connection, options.sql)
        else:
            in_memory = options.filename == ":memory:"
            _converse(connection, None if in_memory else options.filename)
            succeeded = True
    finally:
        connection.close()
    sys.exit(0 if succeeded else 1)


def _run(connection: sqlite3.Connection, sql: str) -> bool:
    """Prints the rows of a statement, or its error; tells whether it succeeded."""
    try:
        for row in connection.execute(sql):
            print(row)  # noqa: T201 - what a shell does
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None)
        kind = type(error).__name__ + (f" ({name})" if name else "")
        print(f"{kind}: {error}", file=sys.stderr)  # noqa: T201
        return False
    return True


def _converse(connection: sqlite3.Connection, path: str | None) -> None:
    with suppress(ImportError):
        import readline  # noqa: F401 - lines can be edited once it is there
    place = "a transient in-memory database" if path is None else repr(path)
    end = "CTRL-Z" if sys.platform == "win32" else "CTRL-D"
    greeting = (
        f"onecross's shell, running on SQLite version {sqlite3.sqlite_version}",
        f"Connected to {place}",
        f'".help" tells what to enter; ".quit" or {end} ends.',
    )
    print(*greeting, sep="\n", file=sys.stderr)  # noqa: T201

    lines: list[str] = []
    while True:
        try:
            lines.append(input(_NEXT_PROMPT if lines else _FIRST_PROMPT))
        except EOFError:
            return
        except KeyboardInterrupt:
            print("\nKeyboardInterrupt", file=sys.stderr)  # noqa: T201
            lines.clear()
            continue
        match "\n".join(lines):
            case ".quit":
                return
            case ".version":
                print(sqlite3.sqlite_version)  # noqa: T201
            case ".help":
                print(_HELP)  # noqa: T201
            case text if text.rstrip().endswith(";"):
                _run(connection, text)
            case _:
                continue
        lines.clear()


if __name__ == "__main__":
    main(program="python -m onecross.sql.sqlite3")
