"""A wheel is built from the source distribution, with SQLite as we want it."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import onecross.sql

ROOT = Path(__file__).parents[2]

OPTIONS = """
import onecross.sql
for (option,) in onecross.sql.connect(":memory:").execute("pragma compile_options"):
    print(option)
"""


def maturin(folder, *arguments):
    # What was compiled before is found again: cargo knows a dependency by its source and its flags.
    environment = {**os.environ, "CARGO_TARGET_DIR": str(ROOT / "target")}
    command = [sys.executable, "-m", "maturin", *arguments]
    subprocess.run(command, cwd=folder, env=environment, check=True)


def test_a_wheel_of_the_source_distribution_has_sqlite_as_it_is_built_here(tmp_path):
    maturin(ROOT, "sdist", "--out", tmp_path)
    [archive] = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as content:
        content.extractall(tmp_path, filter="data")
    folder = tmp_path / archive.name.removesuffix(".tar.gz")
    maturin(
        folder, "build", "--quiet", "--profile", "develop", "--out", tmp_path, "-i", sys.executable
    )
    [wheel] = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as content:
        content.extractall(installed)

    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", "import onecross; print(onecross.__file__)" + OPTIONS]
    answer = subprocess.run(
        command, cwd=installed, env=environment, capture_output=True, text=True, check=True
    )
    place, *options = answer.stdout.splitlines()
    assert Path(place).is_relative_to(installed)
    with onecross.sql.connect(":memory:") as connection:
        here = connection.execute("pragma compile_options").fetchall()
    assert options == [option for (option,) in here]
