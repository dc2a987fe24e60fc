"""A writer is killed two hundred times: all it has committed is there, and nothing by halves."""

import random
import re
import subprocess
import sys
from contextlib import closing, suppress

import killed_writer
import pytest

import onecross.sql

KILLS = 200


def check(path):
    """Return the number of the last transaction, all of which must be there and nothing else."""
    with closing(onecross.sql.connect(path)) as connection:
        cursor = connection.cursor()
        assert cursor.execute("pragma integrity_check").fetchall() == [("ok",)]
        ((number,),) = cursor.execute("select number from done").fetchall()
        rows = cursor.execute("select * from item order by id").fetchall()
        assert rows == killed_writer.expected(number)
        return number


def write_until_killed(path, journal_mode, chance):
    """Return the number of the last transaction that was told to be committed."""
    command = [sys.executable, killed_writer.__file__, path, journal_mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        told = writer.stdout.readline()
        with suppress(subprocess.TimeoutExpired):
            writer.wait(chance.uniform(0, 0.05))
        writer.kill()
        told += writer.stdout.read()
    assert writer.returncode == -9
    # The last line may have been cut.
    return int(re.findall(rb"(\d+)\n", told)[-1])


@pytest.mark.parametrize("journal_mode", ["wal", "delete"])
def test_what_a_killed_writer_has_committed_is_there(tmp_path, journal_mode):
    path = str(tmp_path / "database")
    killed_writer.create(path, journal_mode)
    chance = random.Random(5)
    committed = 0
    for kill in range(KILLS):
        found = write_until_killed(path, journal_mode, chance)
        assert found >= committed
        committed = found
        # Now and then the next writer, and not this, has to recover what the last one has left.
        if kill % 2 or kill == KILLS - 1:
            found = check(path)
            assert found in (committed, committed + 1)
            committed = found
    assert committed > KILLS
