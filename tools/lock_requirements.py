"""Pins the whole closure of each requirements/*.in in the .txt beside it.

The pins hold for every Python we support. One that still fits is kept: to move it,
name the new version in the .in file or delete the .txt.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path("requirements")
# The groups of one venv, each held to the pins of those before it.
VENVS = [["test", "build", "lint", "docs", "lock"], ["test-3.2"]]

OPTIONS = [
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-annotate",
    "--no-emit-find-links",
    "--no-emit-index-url",
    "--custom-compile-command=make lock",
    "--cache-dir=.cache/uv",
]


def main() -> None:
    for groups in VENVS:
        for position, group in enumerate(groups):
            subprocess.run(
                [
                    *(sys.executable, "-m", "uv", "pip", "compile", *OPTIONS),
                    *(f"--constraint={FOLDER / earlier}.txt" for earlier in groups[:position]),
                    f"--output-file={FOLDER / group}.txt",
                    f"{FOLDER / group}.in",
                ],
                check=True,
            )


if __name__ == "__main__":
    main()
