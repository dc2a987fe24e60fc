"""The executor for the installed line of graphql-core: chosen here, and nowhere else."""

from typing import TYPE_CHECKING

from onecross.graphql._line import IS_3_3

# To type checkers, it is 3.3.
if TYPE_CHECKING or IS_3_3:
    from onecross.graphql._execute_3_3 import execute, execute_sync, subscribe
    from onecross.graphql._executor_3_3 import Executor
else:
    from onecross.graphql._execute_3_2 import execute, execute_sync, subscribe
    from onecross.graphql._executor_3_2 import Executor

__all__ = ["Executor", "execute", "execute_sync", "subscribe"]
