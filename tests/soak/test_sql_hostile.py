"""Hostile code in the middle of everything, for minutes: no crash, no error but the documented.

A failure names its seed; `python tests/sql/hostile.py <seed> 1` runs that one again.
"""

import subprocess
import sys
from pathlib import Path
from random import SystemRandom

PROGRAM = Path(__file__).parents[1] / "sql" / "hostile.py"
SEEDS_PER_ROUND = 500


def test_random_steps(rounds):
    first = SystemRandom().randrange(2**40)
    for number in rounds():
        start = str(first + number * SEEDS_PER_ROUND)
        command = [sys.executable, "-X", "faulthandler", PROGRAM, start, str(SEEDS_PER_ROUND)]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        seed = finished.stdout.split()[-1]
        assert (finished.returncode, finished.stderr) == (0, ""), f"ONECROSS_SEED={seed}"
