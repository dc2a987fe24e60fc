"""The executor for graphql-core 3.2 that users take: its data are JSON where a view wants that."""

from typing import Any

from graphql import ExecutionContext, OperationDefinitionNode
from graphql.pyutils import AwaitableOrValue

from onecross.graphql._executor_3_2 import Executor as PlanExecutor
from onecross.graphql._handover import Answer, is_usual
from onecross.graphql._json_data import answer

__all__ = ["Executor"]

# The steps that say how an executor comes to be and what becomes of its result.
_OWN_STEPS = frozenset({"__init__", "build", "execute_operation", "build_response"})


class Executor(PlanExecutor):
    """Executes operations by plans, wherever graphql-core takes an `execution_context_class`.

    graphql-core chooses the operation and coerces its variables; the plan does the rest. What the
    engine cannot execute is executed by graphql-core as ever; so is everything when a class that
    extends this one has steps of its own, such as `execute_field` or `build_resolve_info`.

    The schema must not be changed once it has been executed.
    """

    def execute_operation(
        self, operation: OperationDefinitionNode, root_value: Any
    ) -> AwaitableOrValue[Any] | None:
        """Execute the operation: by a plan if that can be, by graphql-core otherwise."""
        if is_usual(type(self), Executor, _OWN_STEPS):
            preparation = self._preparation(operation, root_value)
            answered = answer(self.schema, operation, preparation)
            if answered is not None:
                return self._data(*answered) if isinstance(answered, Answer) else answered
        return ExecutionContext.execute_operation(self, operation, root_value)
