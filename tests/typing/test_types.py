"""The package's types as mypy sees them from a user's program."""

import re
from pathlib import Path

from mypy import api

CASES = Path(__file__).parent
CONFIGURATION = CASES.parents[1] / "pyproject.toml"


def told_by_mypy(name: str) -> str:
    told, complaints, _ = api.run(["--config-file", str(CONFIGURATION), str(CASES / name)])
    assert not complaints
    return told


def test_revealed_types_are_those_written_beside_them():
    lines = (CASES / "types_of_answers.py").read_text(encoding="utf-8").splitlines()
    expected = {
        number: line.rpartition("  # ")[2]
        for number, line in enumerate(lines, start=1)
        if line.strip().startswith("reveal_type(")
    }
    told = told_by_mypy("types_of_answers.py")
    revealed = {
        int(number): re.sub(r"\b[a-z_]+\.", "", type_)
        for number, type_ in re.findall(r':(\d+): note: Revealed type is "(.*)"', told)
    }
    assert expected
    assert revealed == expected, told
    assert "error:" not in told


def test_mistakes_are_found():
    assert "Success" in told_by_mypy("mistakes.py")
