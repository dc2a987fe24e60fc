"""Warnings of arguments that are given by name, as Python 3.13 warns of them."""

import functools
import warnings
from collections.abc import Callable
from typing import Any


def warns_of_names(method: Callable[..., Any], *names: str) -> Callable[..., Any]:
    """Has a method of connections warn where one of these arguments is given by name."""
    quoted = [f"'{name}'" for name in names]
    listed = " and ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)
    plural = "s" if quoted[1:] else ""
    message = (
        f"Passing keyword argument{plural} {listed} to _sqlite3.Connection.{method.__name__}() is "
        f"deprecated. Parameter{plural} {listed} will become positional-only in Python 3.15."
    )

    @functools.wraps(method)
    def warning(self: Any, *arguments: Any, **options: Any) -> Any:
        if not options.keys().isdisjoint(names):
            warnings.warn(message, DeprecationWarning, stacklevel=2)
        return method(self, *arguments, **options)

    return warning
