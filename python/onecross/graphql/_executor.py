"""The executor for the installed line of graphql-core: chosen here, and nowhere else."""

from onecross.graphql._line import IS_3_3

if IS_3_3:
    from onecross.graphql._executor_3_3 import Executor, execute, execute_sync
else:
    from onecross.graphql._executor_3_2 import (  # type: ignore[no-redef]
        Executor,
        execute,
        execute_sync,
    )

__all__ = ["Executor", "execute", "execute_sync"]
