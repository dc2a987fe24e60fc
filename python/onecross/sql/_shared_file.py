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
from typing import Self

from onecross._core import open_databases

_HERE = str(Path(__file__).parent)

_DESCRIPTORS = Path("/proc/self/fd")

# The descriptors of each file that this copy of SQLite has opened since the other one is there.
# It keeps some of them as long as it has any connection to the file.
_ours: dict[str, set[int]] = {}

# Those that are under way, each in a thread of its own.
_openings: set["Opening"] = set()


class Opening:
    """A database being opened, within which it can be told whose descriptors of its file are whose.

    Only where the system lists them, as Linux does, and where no other thread opens one meanwhile.
    """

    def __enter__(self) -> Self:
        self._is_alone = not _openings
        for other in tuple(_openings):
            other._is_alone = False  # noqa: SLF001 - of this class
        _openings.add(self)
        self._open_before = _open_descriptors() if "_sqlite3" in sys.modules else set()
        return self

    def __exit__(self, *_exception: object) -> None:
        _openings.discard(self)

    def warn_of_sharing(self, path: str) -> None:
        """Warn if the standard library's `sqlite3` has the file open that was opened just now."""
        if not path or "_sqlite3" not in sys.modules:
            return
        found = _descriptors_of(path)
        paths = [os.fsdecode(path) for path in open_databases()]
        for gone in _ours.keys() - set(paths):
            del _ours[gone]
        if not self._is_alone:
            _ours.setdefault(path, set()).update(found - self._open_before)
            return
        is_first = paths.count(path) == 1
        ours = set() if is_first else _ours.get(path, set())
        others = found & self._open_before - ours
        _ours[path] = found - others
        if others and _is_sqlite3_in_use():
            warnings.warn(
                f"the sqlite3 of the standard library has {path!r} open in this process: two "
                "copies of SQLite lose each other's locks, and may damage the file. Import "
                "onecross.sql.sqlite3 in the place of sqlite3 everywhere, or let one of the two "
                "alone open this file",
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


def _open_descriptors() -> set[int]:
    try:
        listed = [int(entry.name) for entry in _DESCRIPTORS.iterdir()]
    except OSError:
        return set()
    # The descriptor that the list was read by is among them, and closed.
    return {descriptor for descriptor in listed if _status(descriptor) is not None}


def _descriptors_of(path: str) -> set[int]:
    try:
        file = Path(path).stat()
    except OSError:
        return set()
    statuses = {descriptor: _status(descriptor) for descriptor in _open_descriptors()}
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
