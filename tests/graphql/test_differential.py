"""Whatever is asked of whatever schema over whatever objects: the answer is graphql-core's."""

import os
from collections import Counter

from differential import check_seed
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

CASES = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
SEED = os.environ.get("ONECROSS_SEED")


@CASES
@given(seed=st.integers(0, 2**40))
def test_random_requests(seed: int) -> None:
    note(f"ONECROSS_SEED={seed}")
    check_seed(seed)


def test_requests_of_known_seeds() -> None:
    asked: Counter[str] = Counter()
    for seed in [int(SEED)] if SEED else range(12):
        asked += check_seed(seed)
    # Each way to end is worth testing, and most requests are executed.
    for kind in ("data", "errors", "null", "refused"):
        assert SEED or asked[kind] > asked.total() / 20
    assert SEED or asked["refused"] < asked.total() / 3
