"""Fails on what the house rules forbid and no linter sees, naming the file and the line."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 600
EMPTY_NAMES = {"common", "helper", "helpers", "misc", "util", "utils"}

CODE = {".py", ".pyi", ".rs"}
TEXT = {*CODE, ".in", ".json", ".md", ".toml", ".txt", ".yml"}
OTHER_TEXT = {"Makefile", "run"}
NOT_OURS = {"__pycache__", "node_modules", "site", "target"}

# Each rule: the files it is about, what must not stand in a line of them, and why.
FORBIDDEN_LINES = [
    (CODE, r"\b(TODO|FIXME|XXX)\b", "unfinished work belongs in an issue"),
    (CODE, r"#\[ignore|pytest\.(mark\.)?(skip|xfail)|importorskip", "a test runs or is not there"),
    (CODE, r"#\[should_panic", "assert the error, not the panic"),
    (CODE, r"\b(time|thread)(\.|::)sleep\(", "wait for the event, not for the clock"),
    (TEXT, r"(^|[^\w.~])/(home|root|tmp|work|Users)/\w", "a path of one machine"),
    (TEXT, r"--(extra-)?index-url|--find-links", "an address of one machine's package index"),
    ({".in", ".txt"}, r"://", "a requirement is a name and a version"),
]


def our_files(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.is_dir():
            if path.name not in NOT_OURS and (path.name == ".ci" or not path.name.startswith(".")):
                yield from our_files(path)
        elif path.suffix in TEXT or path.name in OTHER_TEXT:
            yield path


def violations(path: Path, text: str) -> Iterator[str]:
    lines = text.splitlines()

    if EMPTY_NAMES.intersection([*path.parts, path.stem]):
        yield f"{path}: the name says nothing: name the idea"
    if path.suffix in CODE and len(lines) > MOST_LINES:
        yield f"{path}: {len(lines)} lines: split it by idea before {MOST_LINES}"
    if path.suffix == ".rs" and not text.startswith("//! "):
        yield f"{path}:1: a Rust file opens with one //! sentence: what it does"

    for suffixes, pattern, reason in FORBIDDEN_LINES:
        for number, line in enumerate(lines, start=1):
            found = re.search(pattern, line) if path.suffix in suffixes else None
            if found:
                yield f"{path}:{number}: {found[0].strip()!r}: {reason}"


def main() -> int:
    this_file = Path(__file__).resolve()
    found = [
        violation
        for path in our_files(Path())
        if path.resolve() != this_file
        for violation in violations(path, path.read_text(encoding="utf-8"))
    ]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
