"""What tests of several folders use: crossings counted by Python itself, and a fresh process."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Self

import pytest
from graphql import version_info
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from onecross._core import GraphQLEngine

# Strawberry needs graphql-core 3.3 and Graphene 3.2: each is tested where it can be installed.
ONLY_3_2, ONLY_3_3 = ["graphql/test_graphene*.py"], ["graphql/test_strawberry*.py", "*_3_3.py"]
collect_ignore_glob = ONLY_3_2 if version_info >= (3, 3) else ONLY_3_3

# Without make, too, nothing is written outside the cache.
set_hypothesis_home_dir(Path(__file__).parents[1] / ".cache" / "hypothesis")

# How long an example takes tells how busy the machine is.
settings.register_profile("onecross", deadline=None)
settings.load_profile("onecross")


class Crossings:
    """Counts crossings by the interpreter's own profiling events, while it is entered.

    A call out is a `call` event of a frame whose caller is, at that moment, within a call to the
    engine; generators count each time they are resumed.
    """

    def __init__(self) -> None:
        self.calls_in = 0
        self.calls_out: list[str] = []
        self._within: list[FrameType] = []

    def __enter__(self) -> Self:
        # Others' callbacks for the collector would count as called from where it set in.
        gc.disable()
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_exception: object) -> None:
        sys.setprofile(None)
        gc.enable()

    def _note(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            if self._within and frame.f_back is self._within[-1]:
                self.calls_out.append(frame.f_code.co_qualname)
        elif type(getattr(argument, "__self__", None)) is GraphQLEngine:
            if event == "c_call":
                self.calls_in += 1
                self._within.append(frame)
            else:
                self._within.pop()


@pytest.fixture
def crossings() -> Callable[[], Crossings]:
    """Something to enter, that counts crossings as the interpreter sees them."""
    return Crossings


@pytest.fixture
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a program in a process of its own, so that a crash fails one test and not all."""

    def run(program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-X", "faulthandler", "-c", program, *arguments],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
