"""The executor for the installed line of graphql-core: chosen here, and nowhere else."""

from onecross.graphql._line import IS_3_3

if IS_3_3:
    from onecross.graphql._execute_3_3 import execute, execute_sync
    from onecross.graphql._executor_3_3 import Executor
else:
    from onecross.graphql._execute_3_2 import execute, execute_sync  # type: ignore[no-redef]
    from onecross.graphql._executor_3_2 import Executor  # type: ignore[no-redef]

__all__ = ["Executor", "execute", "execute_sync"]
