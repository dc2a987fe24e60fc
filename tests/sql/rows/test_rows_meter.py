"""How often the boundary is crossed for a result."""

import dataclasses

import pytest

import onecross

NUMBERS = (
    "with recursive n(x) as (values (1) union all select x + 1 from n) select x from n limit ?"
)


@dataclasses.dataclass(slots=True)
class Number:
    x: int


def to_instances(rows):
    return rows.to(Number)


FORMS = [
    to_instances,
    onecross.Rows.tuples,
    onecross.Rows.dicts,
    onecross.Rows.json,
    onecross.Rows.numpy,
    onecross.Rows.arrow,
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_each_form_is_one_crossing(strict, form):
    rows = strict.query(NUMBERS, [1_000_000])
    with onecross.meter() as meter:
        form(rows)
    assert meter.crossings == 1


def test_an_init_that_is_python_is_called_for_each_row(strict):
    class Own:
        def __init__(self, x):
            self.x = x

    rows = strict.query(NUMBERS, [100])
    with onecross.meter() as meter:
        rows.to(Own)
    assert meter.crossings == 101
