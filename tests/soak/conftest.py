"""How long the soak may take, and what is measured while it lasts."""

import gc
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

# For each file of tests; its tests share it.
SECONDS = float(os.environ.get("ONECROSS_SOAK_SECONDS", "120"))


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[[], Iterator[int]]:
    """Counts rounds until this test's share of the time is used up, five at the least."""
    module = request.node.getparent(pytest.Module)
    in_this_file = [
        item for item in request.session.items if item.getparent(pytest.Module) is module
    ]
    share = SECONDS / len(in_this_file)

    def count() -> Iterator[int]:
        end = time.monotonic() + share
        number = 0
        while number < 5 or time.monotonic() < end:
            yield number
            number += 1

    return count


class Footprint(NamedTuple):
    """What the process holds."""

    blocks: int
    resident_bytes: int

    @classmethod
    def now(cls) -> "Footprint":
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return cls(sys.getallocatedblocks(), pages * os.sysconf("SC_PAGE_SIZE"))


@pytest.fixture
def footprint() -> Callable[[], Footprint]:
    """Measures the process, garbage collected."""
    return Footprint.now


@pytest.fixture
def peak_bytes() -> Callable[[], int]:
    """Tells the most that was resident since it was last asked."""

    def peak() -> int:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        # This makes the kernel begin anew, from what is resident now.
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        return int(found[1]) * 1024

    return peak
