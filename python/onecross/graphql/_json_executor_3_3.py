"""The executor for graphql-core 3.3 that users take: its data are JSON where a view wants that."""

from typing import Any

from graphql.execution import Executor as CoreExecutor

from onecross.graphql._executor_3_3 import Executor as PlanExecutor
from onecross.graphql._json_data import answer

__all__ = ["Executor"]


class Executor(PlanExecutor):
    """Executes operations by compiled plans, wherever graphql-core takes an `executor_class`.

    graphql-core chooses the operation and coerces its variables; the plan does the rest. What the
    engine cannot execute is executed by graphql-core as ever; so is everything when a class that
    extends this one has steps of its own, such as `execute_field` or `build_resolve_info`.

    The schema must not be changed once it has been executed.

    Example:
        ```python
        from graphql import build_schema, graphql_sync, parse, execute_sync
        from onecross.graphql import Executor

        schema = build_schema("type Query { greeting: String }")
        document = parse("{ greeting }")
        result = execute_sync(schema, document, {"greeting": "Hello"}, executor_class=Executor)
        assert result.data == {"greeting": "Hello"}
        ```
    """

    _hand_over = staticmethod(answer)

    @classmethod
    def _ours(cls) -> type[CoreExecutor[Any]]:
        return Executor
