"""Measure onecross against its rivals, in one process and on the same objects.

python benches/python/run.py                measure everything and print the tables
python benches/python/run.py --case stadium measure one case
python benches/python/run.py --once         check every answer once, on small inputs
"""

import argparse
import sys
from pathlib import Path

from measure import Settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "stadium"))

from cases import CASES, tables
from report import head, lines


def main() -> None:
    """Read the command line, run the cases and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", choices=CASES, help="only this case")
    parser.add_argument("--rounds", type=int, default=5, help="how many rounds (default: 5)")
    parser.add_argument("--once", action="store_true", help="check each answer, measure nothing")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")

    settings = Settings(arguments.rounds, arguments.once)
    chosen = [arguments.case] if arguments.case else list(CASES)
    if not settings.once:
        print("\n".join(head(settings.rounds)), flush=True)
    for name in chosen:
        for table in tables(name, settings):
            text = [f"right: {table.question}"] if settings.once else lines(table)
            print("\n".join(text), flush=True)
    if not settings.once:
        print("\nprinted by:", "python", "benches/python/run.py", *sys.argv[1:])


if __name__ == "__main__":
    main()
