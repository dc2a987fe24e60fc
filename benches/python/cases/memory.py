"""Memory: what the stadium's answer takes at its peak, and what it leaves behind on each object."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import stadium as example
from measure import Row, Settings, Table, promise

from cases.rivals import GRAPHQL_CORE_JSON, ONECROSS, STRAWBERRY_JSON, STRAWBERRY_ORJSON
from cases.stadium import ORJSON

CONTESTANTS = (ONECROSS, ORJSON, GRAPHQL_CORE_JSON, STRAWBERRY_ORJSON, STRAWBERRY_JSON)
MEBIBYTE = 1024 * 1024
NOTHING_KEPT = 0.05  # Bytes per object: what the interpreter itself sets aside by the way.


def weigh(name: str, seats_per_row: int) -> dict[str, int]:
    """Run one contestant in a process of its own and return its figures."""
    folder = Path(example.__file__).parent
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    answer = subprocess.run(
        [sys.executable, "-m", "cases.footprint", name, str(seats_per_row)],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        stdout=subprocess.PIPE,
    )
    figures: dict[str, int] = json.loads(answer.stdout)
    return figures


def tables(settings: Settings) -> Iterator[Table]:
    """Weigh each contestant once: these figures do not depend on how busy the machine is."""
    seats_per_row = settings.size(full=500, small=2)
    seats = seats_per_row * sum(plan.rows for plan in example.STAND_PLANS)
    figures = {name: weigh(name, seats_per_row) for name in CONTESTANTS}
    # orjson writes no envelope and other names, so that its body has a length of its own.
    lengths = {figure["length"] for name, figure in figures.items() if name != ORJSON}
    assert len(lengths) == 1, f"the answers differ in length: {lengths}"

    yield Table(
        f"memory, {seats:,} seats, peak above the objects themselves",
        "MiB",
        [Row(name, figure["peak"] / MEBIBYTE) for name, figure in figures.items()],
    )
    # A negative figure too says that something was kept: of the answer before the one weighed.
    kept = {name: figure["kept"] / seats for name, figure in figures.items()}
    yield Table(
        f"memory, {seats:,} seats, kept per object after the response is dropped",
        "bytes",
        [
            Row(name, size, goal=promise(NOTHING_KEPT, "0", abs(size)) if name == ONECROSS else "")
            for name, size in kept.items()
        ],
    )
