"""The engine against graphql-core on 100,000 random requests.

A failure names its seed; `ONECROSS_SEED` asks that one again.
"""

import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import SystemRandom

import pytest

# Behind all others: some files there are named like files here.
sys.path.append(str(Path(__file__).parents[1] / "graphql"))

from differential import check_seed

REQUESTS = int(os.environ.get("ONECROSS_SOAK_REQUESTS", "100000"))
SEED = os.environ.get("ONECROSS_SEED")
# How many seeds are asked between two looks at how many requests that were.
SEEDS_AT_ONCE = 500


@pytest.mark.timeout(0)
def test_random_requests() -> None:
    if SEED:
        check_seed(int(SEED))
        return
    first = SystemRandom().randrange(2**40)
    asked: Counter[str] = Counter()
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        while asked.total() < REQUESTS:
            for kinds in pool.map(check_seed, range(first, first + SEEDS_AT_ONCE), chunksize=10):
                asked += kinds
            first += SEEDS_AT_ONCE
    assert asked.total() >= REQUESTS
    assert min(asked[kind] for kind in ("data", "errors", "null", "refused")) > REQUESTS / 50
