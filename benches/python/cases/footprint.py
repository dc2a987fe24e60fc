"""Weigh one contestant's answer to the stadium in a process of its own; prints JSON.

python -m cases.footprint CONTESTANT SEATS_PER_ROW
"""

import ctypes
import gc
import json
import os
import re
import resource
import sys
from pathlib import Path
from tempfile import TemporaryFile

from stadium import build_stadium

from cases.stadium import contestants, rebuild


def peak_bytes() -> int:
    """Return the most memory this process has had resident."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux a child inherits its parent's mark in getrusage, but not in this file.
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def python_bytes() -> int:
    """Return the bytes in use by Python's small objects, as the interpreter itself reports them."""
    with TemporaryFile() as captured:
        kept = os.dup(2)
        os.dup2(captured.fileno(), 2)
        try:
            sys._debugmallocstats()
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        captured.seek(0)
        found = re.search(rb"# bytes in allocated blocks\s*=\s*([\d,]+)", captured.read())
    if not found:
        raise SystemExit("Python runs without its own allocator: unset PYTHONMALLOC.")
    return int(found[1].replace(b",", b""))


MALLINFO2 = (
    *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
    *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
)


class Mallinfo2(ctypes.Structure):
    """What glibc tells of its heap: `uordblks` bytes in use, and `hblkhd` bytes mapped apart."""

    _fields_ = [(name, ctypes.c_size_t) for name in MALLINFO2]


def native_bytes() -> int:
    """Return the bytes in use by large objects and by Rust, or 0 where the C library is silent."""
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo is None:
        return 0
    mallinfo.restype = Mallinfo2
    heap = mallinfo()
    return int(heap.uordblks + heap.hblkhd)


def bytes_in_use() -> int:
    """Return the bytes that are neither free nor about to be collected."""
    gc.collect()
    return python_bytes() + native_bytes()


def main() -> None:
    """Weigh the peak, then on new objects, with every cache and free list filled, what is kept."""
    name, size = sys.argv[1], int(sys.argv[2])
    contestant = next(one for one in contestants(size) if one.name == name)
    build_stadium(size)
    peak = peak_bytes()
    length = len(bytes(contestant.answer()))
    peak = peak_bytes() - peak

    rebuild(size)
    kept = bytes_in_use()
    contestant.answer()
    kept = bytes_in_use() - kept
    print(json.dumps({"length": length, "peak": peak, "kept": kept}))


if __name__ == "__main__":
    main()
