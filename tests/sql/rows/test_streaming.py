"""Rows go by in memory that is bounded by what is read ahead, however many there are."""

import subprocess
import sys

import pytest
import stream

ROWS, WIDTH, SIZE = 20_000, 10_000, 100
# The rows are 200 MB together.
PEAK_BYTES = 16 << 20


@pytest.mark.parametrize("way", stream.WAYS)
def test_many_rows_go_by_in_little_memory(way):
    command = [sys.executable, stream.__file__, way, str(ROWS), str(WIDTH), str(SIZE)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert int(done.stdout) < PEAK_BYTES
