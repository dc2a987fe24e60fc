"""Fetches the source distribution of a released package, in which its tests are."""

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache"


def fetch(project: str, version: str, archive: str, sha256: str) -> Path:
    """Download an archive into the cache unless it is there, and verify it every time."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / archive
    if not path.exists():
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        download = ["download", "--no-deps", "--no-binary", project, "--dest", str(CACHE)]
        answer = subprocess.run([*pip, *download, f"{project}=={version}"], check=False)
        if answer.returncode != 0:
            raise SystemExit(
                f"{project} {version} could not be downloaded: pip says why above. Connect to a "
                f"package index, or put its source distribution at {path}, and run this again."
            )
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(
            f"{path} has the SHA-256 {found}, but {sha256} is pinned. "
            "Delete the file and run this again."
        )
    return path


def unpack(archive: Path) -> None:
    """Unpack a verified archive beside it."""
    with tarfile.open(archive) as opened:
        # The first releases of Python 3.11 have no extraction filters.
        opened.extraction_filter = getattr(tarfile, "data_filter", None)
        opened.extractall(archive.parent)
