"""Fails when a file names another version of onecross than the workspace's Cargo.toml."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def disagreements(root: Path) -> Iterator[str]:
    version = read_toml(root / "Cargo.toml")["workspace"]["package"]["version"]

    for manifest in sorted(root.glob("crates/*/Cargo.toml")):
        if read_toml(manifest)["package"]["version"] != {"workspace": True}:
            yield f"{manifest}: the version is not the workspace's"

    for package in read_toml(root / "Cargo.lock")["package"]:
        if package["name"].startswith("onecross-") and package["version"] != version:
            yield f"Cargo.lock: {package['name']} is locked at {package['version']}"

    project = read_toml(root / "pyproject.toml")["project"]
    if "version" in project or "version" not in project.get("dynamic", []):
        yield "pyproject.toml: the version is not left to Cargo.toml (dynamic)"

    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    if newest is None or newest[1] != version:
        yield f"CHANGELOG.md: the first section is not headed [{version}]"


if __name__ == "__main__":
    sys.exit("\n".join(disagreements(Path())) or None)
