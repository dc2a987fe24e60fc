"""Puts onecross where `sqlite3` is imported, in the process that imports this and for good.

A `.pth` file of the virtual environment that the suite runs in imports it, so that each interpreter
started there, isolated or not, has it before its first line.
"""

import importlib
import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any

OURS = "onecross.sql.sqlite3"


class OursLoader(Loader):
    """Loads a module of onecross under the name of one of the standard library."""

    def __init__(self, ours: str) -> None:
        self.ours = ours

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[module.__name__] = importlib.import_module(self.ours)

    def get_code(self, name: str) -> CodeType:
        """Return what `python -m` runs."""
        spec = importlib.util.find_spec(self.ours)
        if spec is None:
            raise ImportError(f"No module named {self.ours!r}", name=self.ours)
        code: CodeType = spec.loader.get_code(self.ours)
        return code


class OursFinder(MetaPathFinder):
    """Finds onecross for `sqlite3`, its submodules and the extension beneath it."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if name == "_sqlite3":
            return ModuleSpec(name, OursLoader(f"{OURS}.dbapi2"))
        if name == "sqlite3":
            return ModuleSpec(name, OursLoader(OURS), is_package=True)
        if name.startswith("sqlite3."):
            return ModuleSpec(name, OursLoader(OURS + name.removeprefix("sqlite3")))
        return None


sys.meta_path.insert(0, OursFinder())
