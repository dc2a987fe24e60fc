"""Data from native engines to Python, the boundary crossed once per query.

The faces are packages of their own and are imported by name, such as
[`onecross.graphql`][onecross.graphql]; this module holds what they share.
"""

from onecross._core import ArrowStream as ArrowStream
from onecross._core import Meter as Meter
from onecross._core import Rows as Rows
from onecross._core import __version__ as __version__
from onecross.errors import EncodingError as EncodingError
from onecross.errors import InternalError as InternalError
from onecross.errors import OnecrossError as OnecrossError
from onecross.errors import OptionError as OptionError
from onecross.errors import ShapeError as ShapeError

__all__ = [
    "ArrowStream",
    "EncodingError",
    "InternalError",
    "Meter",
    "OnecrossError",
    "OptionError",
    "Rows",
    "ShapeError",
    "__version__",
    "meter",
]


def meter() -> Meter:
    """Count what onecross does in a `with` block, in this context only.

    A *crossing* is a call into the extension, or a call from Rust that runs Python code: a
    resolver, a property, a scalar's own code. A *read* takes an attribute or an item of a Python
    object, a *make* makes one; neither is a crossing. Meters may be nested.

    Example:
        ```python
        import onecross

        with onecross.meter() as m:
            pass
        assert m.crossings == 0
        print(m)  # where time went, and the counts
        ```

    Returns:
        The meter, to be entered; its counts can be read at any time.
    """
    return Meter()
