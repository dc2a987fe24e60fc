"""A form of all rows is one call for a deadline, however many batches it reads."""

import asyncio
import dataclasses
from contextlib import closing

import pytest

import onecross.sql

# Nobody reads so many rows in the time, and anybody reads a batch of them.
MANY = (
    "with recursive n(i) as (select 1 union all select i + 1 from n limit 2000000) select i from n"
)
SECONDS = 0.02


@dataclasses.dataclass
class Number:
    """A row."""

    i: int


FORMS = {
    "tuples": lambda rows: rows.tuples(),
    "dicts": lambda rows: rows.dicts(),
    "instances": lambda rows: rows.to(Number),
    "json": lambda rows: rows.json(),
    "json_lines": lambda rows: rows.json_lines(),
    "numpy": lambda rows: rows.numpy(),
    "arrow": lambda rows: rows.arrow(),
    "column": lambda rows: rows.column("i"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_has_one_deadline(form):
    with closing(onecross.sql.connect(":memory:", deadline=SECONDS)) as connection:
        with pytest.raises(onecross.sql.DeadlineError):
            form(connection.query(MANY))
        with pytest.raises(onecross.sql.DeadlineError):
            form(connection.execute(MANY).rows())
        # The next one has a deadline of its own.
        form(connection.query("select 1 as i"))


@pytest.mark.parametrize("form", ["tuples", "dicts", "json"])
def test_a_form_that_is_awaited_has_one_deadline(form):
    async def main():
        async with onecross.sql.aconnect(":memory:", deadline=SECONDS) as connection:
            with pytest.raises(onecross.sql.DeadlineError):
                await getattr(connection.query(MANY), form)()

    asyncio.run(main())
