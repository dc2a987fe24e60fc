"""The stadium as plain dicts and lists: by the engine, and by a comprehension written for it."""

from collections.abc import Iterator
from typing import Any

from measure import Contestant, Settings, Table, measure
from stadium import QUERY, STAND_PLANS, build_stadium, schema

from cases.rivals import ONECROSS
from onecross.graphql import Engine

COMPREHENSION = "a comprehension written by hand"


def stadium_by_hand(seats_per_row: int) -> dict[str, Any]:
    """Build what the query asks for, in its order, as fast as Python can."""
    stadium = build_stadium(seats_per_row)
    return {
        "stadium": {
            "city": stadium.city,
            "country": stadium.country,
            "name": stadium.name,
            "stands": [
                {
                    "sectionType": stand.section_type,
                    "seats": [
                        {"labels": [*seat.labels], "x": seat.x, "y": seat.y} for seat in stand.seats
                    ],
                    "priceCategory": stand.price_category,
                    "name": stand.name,
                }
                for stand in stadium.stands
            ],
        }
    }


def tables(settings: Settings) -> Iterator[Table]:
    """Measure the larger stadium."""
    seats_per_row = settings.size(full=500, small=10)
    seats = seats_per_row * sum(plan.rows for plan in STAND_PLANS)
    variables = {"seatsPerRow": seats_per_row}
    engine = Engine(schema)
    contestants = [
        Contestant(
            ONECROSS,
            lambda: engine.execute_sync(QUERY, variable_values=variables).data,
            comparable=dict,
        ),
        Contestant(COMPREHENSION, lambda: stadium_by_hand(seats_per_row), comparable=dict),
    ]
    question = f"dicts, {seats:,} seats"
    yield measure(question, contestants, settings, goals={COMPREHENSION: 1.5})
    build_stadium.cache_clear()
