"""On a build whose memory layout is not known, attributes are read by name: same answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
PROGRAM = "from onecross import _core; print(_core.knows_memory_layout)"


def test_the_public_api_can_be_forced(run_python):
    assert run_python(PROGRAM, ONECROSS_PUBLIC_API="1").stdout == "False\n"


def test_anything_else_does_not_force_it(run_python):
    known = sys.implementation.name == "cpython" and sys.version_info[:2] in {
        (3, 11),
        (3, 12),
        (3, 13),
    }
    assert run_python(PROGRAM, ONECROSS_PUBLIC_API="0").stdout == f"{known}\n"


@pytest.mark.parametrize("name", ["test_attribute_reader.py", "test_hostile_containers.py"])
def test_answers_are_the_same(name):
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(FOLDER / name)],
        env={**os.environ, "ONECROSS_PUBLIC_API": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
