"""A warning where another copy of SQLite, in the same process, has the same file open.

The locks of POSIX belong to the process, and all of a file's end when any of its descriptors is
closed: each copy of SQLite takes care of its own descriptors, but of no others.

Reference: https://sqlite.org/howtocorrupt.html, "Multiple copies of SQLite linked into the same
application".
"""

import gc
import os
import sys
import warnings
from pathlib import Path
from types import FrameType

from onecross._core import open_databases

_HERE = str(Path(__file__).parent)

_DESCRIPTORS = Path("/proc/self/fd")

# The descriptors of each file that this copy of SQLite has opened since the other one is there.
# It keeps some of them as long as it has any connection to the file.
_ours: dict[str, set[int]] = {}


def open_descriptors() -> set[int]:
    """List what this process has open before a database is opened, if it need be known.

    Only where the system tells, as Linux does.
    """
    if "_sqlite3" not in sys.modules:
        return set()
    try:
        listed = [int(entry.name) for entry in _DESCRIPTORS.iterdir()]
    except OSError:
        return set()
    # The descriptor that the list was read by is among them, and closed.
    return {descriptor for descriptor in listed if _status(descriptor) is not None}


def warn_of_sharing(path: str, open_before: set[int]) -> None:
    """Warn if the standard library's `sqlite3` has a file open that was opened here just now."""
    if not path or "_sqlite3" not in sys.modules:
        return
    found = _descriptors_of(path)
    paths = [os.fsdecode(path) for path in open_databases()]
    for gone in _ours.keys() - set(paths):
        del _ours[gone]
    is_first = paths.count(path) == 1
    ours = set() if is_first else _ours.get(path, set())
    others = found & open_before - ours
    _ours[path] = found - others
    if others and _is_sqlite3_in_use():
        warnings.warn(
            f"the sqlite3 of the standard library has {path!r} open in this process: two copies "
            "of SQLite lose each other's locks, and may damage the file. Import "
            "onecross.sql.sqlite3 in the place of sqlite3 everywhere, or let one of the two alone "
            "open this file",
            RuntimeWarning,
            stacklevel=_level_of_caller(),
        )


def _level_of_caller() -> int:
    """How far up the stack, from who asks, whoever opens the database is."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - as `warnings` itself does
    level = 1
    while frame is not None and frame.f_code.co_filename.startswith(_HERE):
        frame, level = frame.f_back, level + 1
    return level


def _descriptors_of(path: str) -> set[int]:
    try:
        file = Path(path).stat()
    except OSError:
        return set()
    statuses = {descriptor: _status(descriptor) for descriptor in open_descriptors()}
    return {
        descriptor
        for descriptor, status in statuses.items()
        if status is not None and os.path.samestat(file, status)
    }


def _status(descriptor: int) -> os.stat_result | None:
    try:
        return os.fstat(descriptor)
    except OSError:
        return None


def _is_sqlite3_in_use() -> bool:
    kind = sys.modules["_sqlite3"].Connection
    return any(isinstance(candidate, kind) for candidate in gc.get_objects())
