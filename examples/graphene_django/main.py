"""Ask a library of books for all of them, by graphene-django's view and by ours, and compare.

python examples/graphene_django/main.py         10,000 books, three rounds
python examples/graphene_django/main.py --once  1,000 books, one round
"""

import argparse
import os
import platform
import time
from importlib.metadata import version
from statistics import median

import django
from django.core.management import call_command
from django.test import Client

import onecross
from onecross.graphql import statistics

QUERIES = {
    "columns": "{ books { id title pages shelf isLent } }",
    "columns of all kinds, and a relation": (
        "{ books { id title pages shelf isLent price published author { id name } } }"
    ),
}


def ask(client: Client, view: str, query: str) -> tuple[float, bytes]:
    """Ask a view, and tell how long it took and what it said."""
    start = time.perf_counter()
    response = client.post(f"/{view}", {"query": query}, content_type="application/json")
    seconds = time.perf_counter() - start
    if response.status_code != 200:
        raise SystemExit(f"{view} answered with {response.status_code}: {response.content!r}")
    return seconds, response.content


def compare(client: Client, name: str, query: str, rounds: int) -> None:
    """Let both views answer in turn, and stop when the two differ."""
    times: dict[str, list[float]] = {"graphene": [], "onecross": []}
    bodies = {}
    for _ in range(rounds):
        for view, taken in times.items():
            seconds, bodies[view] = ask(client, view, query)
            taken.append(seconds)
    if bodies["graphene"] != bodies["onecross"]:
        raise SystemExit(f"The two answers for {name} differ.")
    with onecross.meter() as meter:
        ask(client, "onecross", query)
    print(f"  {name}, {len(bodies['onecross']):,} B")
    for view, taken in times.items():
        print(f"    {view:<12}{median(taken) * 1e3:>10,.1f} ms")
    ratio = median(times["graphene"]) / median(times["onecross"])
    print(f"    {ratio:,.0f} times faster, in {meter.crossings:,} crossings\n")


def main() -> None:
    """Read the command line, set the project up, and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="1,000 books and a single round")
    once = parser.parse_args().once
    books, rounds = (1_000, 1) if once else (10_000, 3)

    os.environ["DJANGO_SETTINGS_MODULE"] = "library.settings"
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    # Django's own modules must be set up before these.
    from library.models import Book, fill
    from library.urls import schema

    fill(books)
    packages = ("django", "graphene", "graphene-django")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"\n  {books:,} books from SQLite, by views of Django, medians of {rounds}")
    print(f"  Python {platform.python_version()}, {versions}\n")
    start = time.perf_counter()
    list(Book.objects.select_related("author"))
    milliseconds = (time.perf_counter() - start) * 1e3
    print(f"  Django alone takes {milliseconds:,.1f} ms to make objects of them\n")
    client = Client()
    for name, query in QUERIES.items():
        compare(client, name, query, rounds)
    done = statistics(schema.graphql_schema)
    if done.fallbacks or done.executed != len(QUERIES) * (rounds + 1):
        raise SystemExit(f"Not all was executed by plans: {done}")


if __name__ == "__main__":
    main()
