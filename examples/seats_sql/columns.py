"""Load a stadium by columns, read it as objects, columns and JSON, and plot the seats.

python examples/seats_sql/columns.py                  90,000 seats, plotted to seats.png
python examples/seats_sql/columns.py --png other.png  the same, to another file
python examples/seats_sql/columns.py --once           9,000 seats, plotted to a file that is dropped
"""

import argparse
import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from seats import LINES, STANDS

import onecross.sql

T = TypeVar("T")

# How far the first line of a stand is from the middle of the field, and where the stand is.
FIRST_LINE = 60.0
DIRECTIONS = {"East": 0.0, "North": 0.5, "West": 1.0, "South": 1.5}


@dataclass(slots=True)
class Seat:
    """A seat as the program has it."""

    number: int
    stand: str
    line: int
    price: float


def stadium(places: int) -> dict[str, Any]:
    """All seats as columns: where they are, and what they cost."""
    stands = np.repeat(np.array(list(STANDS)), LINES * places)
    lines = np.tile(np.repeat(np.arange(1, LINES + 1), places), len(STANDS))
    prices = np.repeat(np.array(list(STANDS.values())), LINES * places) - lines / 2
    across = np.tile(np.linspace(-0.24, 0.24, places), LINES * len(STANDS))
    angles = np.pi * (np.array([DIRECTIONS[stand] for stand in stands]) + across)
    distances = FIRST_LINE + lines
    return {
        "number": np.arange(1, len(stands) + 1),
        "stand": stands,
        "line": lines,
        "price": prices,
        "x": distances * np.cos(angles),
        "y": distances * np.sin(angles),
    }


def timed(name: str, work: Callable[[], T]) -> T:
    """Do a part of the work, and print how long it took the processor."""
    begun = time.process_time()
    outcome = work()
    print(f"  {name:<32} {(time.process_time() - begun) * 1e3:8.1f} ms")
    return outcome


def plot(seats: dict[str, Any], path: Path) -> None:
    """Plot the seats: those that are sold are dark."""
    figure = Figure(figsize=(8, 8))
    axes = figure.add_subplot(aspect="equal", frame_on=False, xticks=[], yticks=[])
    colors = mpl.colormaps["viridis"](np.where(seats["sold"], 0.1, 0.9))
    axes.scatter(seats["x"], seats["y"], s=1, c=colors)
    axes.set_title(f"{int(np.count_nonzero(seats['sold'])):,} of {len(seats['x']):,} seats sold")
    figure.savefig(path)


def show(places: int, path: Path) -> None:
    """Load, sell, read and plot."""
    columns = stadium(places)
    total = len(columns["number"])
    wanted = np.random.default_rng(7).choice(columns["number"], total // 3, replace=False)
    print(f"{total:,} seats; milliseconds of the processor")
    with closing(onecross.sql.connect(":memory:")) as connection:
        timed(
            "make a table of columns",
            lambda: connection.create("seat", columns, primary_key="number"),
        )
        connection.register("wanted", {"number": wanted})
        select = """
            select seat.*, wanted.number is not null as sold
            from seat left join wanted using (number)
        """
        types = {"sold": "BOOLEAN"}

        objects = timed(
            "read it as objects",
            lambda: connection.query("select number, stand, line, price from seat").to(Seat),
        )
        arrays = timed("read it as columns", lambda: connection.query(select, types=types).numpy())
        text = timed("read it as JSON", lambda: connection.query(select, types=types).json())

    assert objects[0] == Seat(1, "East", 1, 54.5)
    assert int(np.count_nonzero(arrays["sold"])) == len(wanted)
    assert len(json.loads(text)) == total
    timed(f"plot it to {path.name}", lambda: plot(arrays, path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="few seats, and no picture is kept")
    parser.add_argument("--png", type=Path, default=Path("seats.png"), help="where to plot to")
    arguments = parser.parse_args()
    if not arguments.once:
        show(500, arguments.png)
        return
    with TemporaryDirectory() as folder:
        show(50, Path(folder) / "seats.png")
        assert (Path(folder) / "seats.png").read_bytes().startswith(b"\x89PNG")


if __name__ == "__main__":
    main()
