"""Whatever is done in the middle of whatever: an answer, or one of the documented errors."""

import os
from collections import Counter

from hostile import check_seed
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from onecross.sql import errors

SEED = os.environ.get("ONECROSS_SEED")


@given(seed=st.integers(0, 2**40))
@settings(
    max_examples=30,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_random_steps(seed):
    note(f"ONECROSS_SEED={seed}")
    check_seed(seed)


def test_steps_of_known_seeds():
    told = Counter()
    for seed in [int(SEED)] if SEED else range(30):
        told.update(type(error) for error in check_seed(seed))
    # The steps come to something, and so does what is hostile.
    assert SEED or told[errors.ProgrammingError] > 10
    assert SEED or told[errors.OperationalError] > 10
    assert SEED or told[TypeError] > 5
