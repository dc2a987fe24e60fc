"""The seats of a stadium as rows of a table, and what is asked of them."""

from collections.abc import Iterator

TABLE = """
create table seat (
    number integer primary key,
    stand text not null,
    line text not null,
    place integer not null,
    price real not null,
    sold_to text
)
"""
INSERT = "insert into seat (stand, line, place, price) values (?, ?, ?, ?)"
SELL = "update seat set sold_to = ? where number = ? and sold_to is null"
FIND = "select stand, line, place, price from seat where number = ?"
ALL = "select number, stand, line, place, price from seat"
TAKINGS = """
select stand, count(sold_to), sum(price) filter (where sold_to is not null)
from seat group by stand order by stand
"""

STANDS = {"East": 55.0, "North": 40.0, "South": 40.0, "West": 70.0}
LINES = 45

Seat = tuple[str, str, int, float]


def seats(places: int) -> Iterator[Seat]:
    """All seats: four stands of 45 lines, so many places each; further up is cheaper."""
    for stand, price in STANDS.items():
        for line in range(LINES):
            for place in range(1, places + 1):
                yield stand, f"{line + 1:02}", place, price - line / 2
