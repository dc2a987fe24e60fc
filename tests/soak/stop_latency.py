"""How long it takes until ctrl-C ends a statement that runs: a figure to look at, not a test.

python tests/soak/stop_latency.py [rounds]
"""

import os
import signal
import sys
import threading
import time
from contextlib import closing

import onecross.sql

STATEMENTS = {
    "steps of SQLite's machine": (
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    ),
    "a sort and a join": (
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 3000)"
        " select count(*) from n a, n b where a.i * b.i % 7 = 3 order by a.i"
    ),
    "rows for Python": (
        "with recursive n(i) as (select 1 union all select i + 1 from n) select i, 'text' from n"
    ),
}


def latency(connection: onecross.sql.Connection, statement: str) -> float:
    """The seconds from the signal to the exception."""
    sent = 0.0

    def press_control_c() -> None:
        nonlocal sent
        sent = time.perf_counter()
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.05, press_control_c)
    timer.start()
    try:
        while True:
            for _ in connection.execute(statement):
                pass
    except KeyboardInterrupt:
        return time.perf_counter() - sent
    finally:
        timer.join()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print("milliseconds until ctrl-C ends a statement: median, 90 %, 99 %, longest")
    with closing(onecross.sql.connect(":memory:")) as connection:
        for name, statement in STATEMENTS.items():
            taken = sorted(latency(connection, statement) for _ in range(rounds))
            marks = [taken[int(share * (rounds - 1))] * 1000 for share in (0.5, 0.9, 0.99, 1)]
            print(f"  {name:28}" + "".join(f"{mark:8.1f}" for mark in marks))


if __name__ == "__main__":
    main()
