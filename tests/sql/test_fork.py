"""What a process does with the connections of the one that it was forked off."""

import subprocess
import sys
import textwrap

PROGRAM = """
    import os
    import sys
    from onecross.sql import sqlite3

    connection = sqlite3.connect(sys.argv[1])
    connection.execute("create table t (x)")
    connection.execute("pragma cache_size = 10")
    connection.executemany("insert into t values (?)", [(i,) for i in range(10_000)])
    cursor = connection.execute("select x from t")
    cursor.fetchone()

    child = os.fork()
    if child == 0:
        try:
            connection.execute("select 1")
        except sqlite3.ProgrammingError as error:
            assert "forked" in str(error)
        else:
            raise AssertionError("the connection of another process was used")
        sys.exit(0)
    assert os.waitpid(child, 0)[1] == 0

    assert len(cursor.fetchall()) == 9_999
    connection.commit()
    connection.close()
    again = sqlite3.connect(sys.argv[1])
    assert again.execute("select count(*) from t").fetchone() == (10_000,)
    assert again.execute("pragma integrity_check").fetchone() == ("ok",)
"""


def test_a_forked_process_that_ends_leaves_the_transaction_of_its_parent_alone(tmp_path):
    program = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(PROGRAM)]
    answer = subprocess.run(
        [*program, tmp_path / "shared.db"], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, "")
