"""Fails with one sentence when this machine lacks what every make target needs.

The interpreter it judges runs it, so it is written for old ones too.
"""

import importlib.util
import platform
import shutil
import sys


def complaint() -> str:
    if sys.implementation.name != "cpython" or sys.version_info < (3, 11):
        found = f"{platform.python_implementation()} {platform.python_version()}"
        return (
            f"onecross needs CPython 3.11 or newer, and {sys.executable} is {found}: "
            "name another with make PYTHON=..."
        )
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        return (
            f"onecross needs the venv and ensurepip modules, and {sys.executable} lacks them: "
            "install them (Debian's package is python3-venv)."
        )
    if not shutil.which("cargo"):
        return "onecross needs Rust, and cargo is not on the PATH: install Rust with rustup."
    if not shutil.which("cc"):
        return "onecross needs a C compiler to link with, and cc is not on the PATH: install one."
    return ""


if __name__ == "__main__":
    sys.exit(complaint() or None)
