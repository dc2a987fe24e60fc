"""Ten million rows of a query go by in bounded memory, in each way that reads them bit by bit."""

import subprocess
import sys
from pathlib import Path

import pytest

STREAM = Path(__file__).parents[1] / "sql" / "rows" / "stream.py"
WAYS = ["iterate", "part_by_part", "iterate_awaiting", "part_by_part_awaiting", "rows_of_a_cursor"]
ROWS, WIDTH, SIZE = 10_000_000, 12, 10_000
# The rows are a gigabyte together, as tuples.
PEAK_BYTES = 8 << 20


@pytest.mark.parametrize("way", WAYS)
def test_ten_million_rows_go_by_in_little_memory(way):
    command = [sys.executable, STREAM, way, str(ROWS), str(WIDTH), str(SIZE)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert int(done.stdout) < PEAK_BYTES
