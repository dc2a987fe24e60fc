"""A stadium of 90,000 seats: its Strawberry types, its objects and the query for all of them."""

from functools import cache
from string import ascii_uppercase
from typing import NamedTuple

import strawberry

QUERY = """
query StadiumQuery($seatsPerRow: Int!) {
  stadium(seatsPerRow: $seatsPerRow) {
    city
    country
    name
    stands {
      sectionType
      seats {
        labels
        x
        y
      }
      priceCategory
      name
    }
  }
}
"""


@strawberry.type
class Seat:
    """One seat: its place on the plan and what is painted on it."""

    x: int
    y: int
    labels: list[str]


@strawberry.type
class Stand:
    """One side of the stadium, with its seats row by row."""

    name: str
    seats: list[Seat]
    section_type: str
    price_category: str


@strawberry.type
class Stadium:
    """The whole stadium."""

    name: str
    city: str
    country: str
    stands: list[Stand]


class StandPlan(NamedTuple):
    """Where a stand lies, how many rows it has and what it sells."""

    name: str
    rows: int
    origin_x: int
    origin_y: int
    section: str
    price: str


STAND_PLANS = (
    StandPlan("North Stand", 50, 0, 0, "Standard", "Bronze"),
    StandPlan("South Stand", 50, 0, 100, "Standard", "Bronze"),
    StandPlan("East Stand", 40, 300, 20, "Premium", "Gold"),
    StandPlan("West Stand", 40, -300, 20, "Premium", "Gold"),
)


def row_letters(row: int) -> str:
    """Name a row: A to Z for the first 26, then BA, BB, and so on."""
    quotient, remainder = divmod(row, len(ascii_uppercase))
    return (ascii_uppercase[quotient] if quotient else "") + ascii_uppercase[remainder]


def build_seat(plan: StandPlan, row: int, seat: int) -> Seat:
    """Make the seat at this place of the stand, labels and all."""
    return Seat(
        x=plan.origin_x + seat,
        y=plan.origin_y + row,
        labels=[
            plan.name.replace(" ", "-"),
            f"Row-{row_letters(row)}",
            f"Seat-{seat + 1}",
            plan.section,
            f"Block-{row // 5 + 1}",
        ],
    )


def build_stand(plan: StandPlan, seats_per_row: int) -> Stand:
    """Make a stand and all its seats."""
    return Stand(
        name=plan.name,
        seats=[
            build_seat(plan, row, seat) for row in range(plan.rows) for seat in range(seats_per_row)
        ],
        section_type=plan.section,
        price_category=plan.price,
    )


@cache
def build_stadium(seats_per_row: int) -> Stadium:
    """Make the stadium, once for each size: whoever asks again gets the same objects."""
    return Stadium(
        name="Grand Metropolitan Stadium",
        city="London",
        country="United Kingdom",
        stands=[build_stand(plan, seats_per_row) for plan in STAND_PLANS],
    )


@strawberry.type
class Query:
    """What a client may ask for."""

    @strawberry.field
    def stadium(self, seats_per_row: int) -> Stadium:
        """Hand out the stadium that stands ready."""
        return build_stadium(seats_per_row)


schema = strawberry.Schema(query=Query)
