"""A value that can be made again and again, each time anew, with the text that tells what it is."""

from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Recipe", "constant", "constants"]


class Recipe(NamedTuple):
    """How a value is made.

    Attributes:
        text: What it is, for whoever reads a failing case.
        make: Makes it; what iterates once or changes when it is read is made anew.
        raises: Whether it is an error that making an attribute of it should raise.
    """

    text: str
    make: Callable[[], Any]
    raises: bool = False

    def read(self) -> Any:
        """The value, or its error raised."""
        if self.raises:
            raise self.make()
        return self.make()


def constant(value: Any) -> Recipe:
    """A value that nobody changes."""
    return Recipe(ascii(value), lambda: value)


def constants(*values: Any) -> list[Recipe]:
    """Several of them."""
    return [constant(value) for value in values]
