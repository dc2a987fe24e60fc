"""Whatever is asked of whatever schema over whatever objects: the answer is graphql-core's."""

from random import Random

from differential import check_random_requests, check_seed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@CASES
@given(st.randoms(use_true_random=False))
def test_random_requests(random: Random) -> None:
    check_random_requests(random)


def test_requests_of_known_seeds() -> None:
    for seed in range(40):
        check_seed(seed)
