"""Answer the stadium with Strawberry and with onecross, from the same objects, and compare.

python examples/stadium/main.py         90,000 seats, three rounds
python examples/stadium/main.py --once  45,000 seats, one round, size and checksum asserted
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from statistics import median
from textwrap import indent
from typing import Any, NamedTuple

from stadium import QUERY, STAND_PLANS, build_stadium, schema

import onecross
from onecross.graphql import Engine


class Expectation(NamedTuple):
    """What the compact body must be: its size and how its SHA-256 begins."""

    size: int
    checksum: str


class Answer(NamedTuple):
    """One answer and the seconds it took."""

    seconds: float
    body: bytes


EXPECTATIONS = {
    250: Expectation(3_659_536, "c678803b110ab5f7"),
    500: Expectation(7_336_276, "9dabaa6e7e24c23a"),
}

engine = Engine(schema)


def answer_with_strawberry(variables: dict[str, Any]) -> bytes:
    """Execute as Strawberry does, then encode as its views do."""
    result = schema.execute_sync(QUERY, variable_values=variables)
    body = json.dumps({"data": result.data}, separators=(",", ":"), ensure_ascii=False)
    return body.encode()


def answer_with_onecross(variables: dict[str, Any]) -> Any:
    """Execute straight to the bytes of the response."""
    return engine.execute_json_sync(QUERY, variable_values=variables)


def timed(answer: Callable[[dict[str, Any]], Any], variables: dict[str, Any]) -> Answer:
    """Answer once; the copy that is compared later is made when the clock has stopped."""
    start = time.perf_counter()
    body = answer(variables)
    seconds = time.perf_counter() - start
    return Answer(seconds, bytes(body))


def check(body: bytes, seats_per_row: int) -> None:
    """Stop the demo when a body is not the one the example promises."""
    found = Expectation(len(body), sha256(body).hexdigest()[:16])
    expected = EXPECTATIONS[seats_per_row]
    if found != expected:
        raise SystemExit(f"The answer is {found}, but {expected} was expected.")


def middle(answers: list[Answer]) -> float:
    """Return the median of the seconds."""
    return median(answer.seconds for answer in answers)


def counted(number: int, noun: str) -> str:
    """Write a number with its noun, in the plural where that is due."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def print_answers(name: str, answers: list[Answer]) -> None:
    """Print one contestant's line of the table."""
    time_taken = f"{middle(answers) * 1e3:,.1f} ms"
    body = answers[-1].body
    print(f"  {name:<28}{time_taken:>13}{len(body):>13,} B   {sha256(body).hexdigest()[:16]}")


def compare(variables: dict[str, Any], rounds: int) -> tuple[list[Answer], list[Answer]]:
    """Let both answer in turn, and stop when an answer is wrong or the two differ."""
    by_strawberry, by_onecross = [], []
    for _ in range(rounds):
        by_strawberry.append(timed(answer_with_strawberry, variables))
        by_onecross.append(timed(answer_with_onecross, variables))
        bodies = [by_strawberry[-1].body, by_onecross[-1].body]
        for body in bodies:
            check(body, variables["seatsPerRow"])
        if bodies[0] != bodies[1]:
            raise SystemExit("The two bodies differ.")
    return by_strawberry, by_onecross


def run(seats_per_row: int, rounds: int) -> None:
    """Build the stadium, compare, and print what came of it."""
    seats = seats_per_row * sum(plan.rows for plan in STAND_PLANS)
    variables = {"seatsPerRow": seats_per_row}

    print(f"\n  {seats:,} seats, from unchanged Python objects to JSON")
    print(f"  Python {platform.python_version()}, medians of {counted(rounds, 'round')}\n")
    build_stadium(seats_per_row)
    by_strawberry, by_onecross = compare(variables, rounds)
    with onecross.meter() as meter:
        answer_with_onecross(variables)

    print(f"  {'':<28}{'time':>13}{'size':>15}   SHA-256")
    print_answers(f"Strawberry {version('strawberry-graphql')} + json", by_strawberry)
    print_answers(f"onecross {version('onecross')}", by_onecross)
    ratio = middle(by_strawberry) / middle(by_onecross)
    crossings = counted(meter.crossings, "crossing")
    print(f"\n  The same bytes, {ratio:,.0f} times faster, in {crossings}:\n")
    print(indent(str(meter), "    "), end="\n\n")


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="45,000 seats and a single round")
    once = parser.parse_args().once
    run(seats_per_row=250 if once else 500, rounds=1 if once else 3)


if __name__ == "__main__":
    main()
