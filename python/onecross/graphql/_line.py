"""The line of graphql-core that is installed, 3.2 or 3.3: chosen here, and nowhere else."""

from typing import TYPE_CHECKING

from graphql import version_info

# To type checkers, it is 3.3.
if TYPE_CHECKING or version_info >= (3, 3):
    from onecross.graphql._line_3_3 import LEAF_METHOD, LineRuntime, default_value, meta_fields
else:
    from onecross.graphql._line_3_2 import (
        LEAF_METHOD,
        LineRuntime,
        default_value,
        meta_fields,
    )

IS_3_3 = version_info >= (3, 3)

__all__ = ["IS_3_3", "LEAF_METHOD", "LineRuntime", "default_value", "meta_fields"]
