"""Operations that graphql-core's executor has prepared, handed over to the engine."""

from collections.abc import Callable
from functools import partial
from operator import is_
from threading import Lock
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary, ref

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    MiddlewareManager,
    OperationDefinitionNode,
)

from onecross._core import Completion, GraphQLEngine, PreparedOperation
from onecross.graphql._awaiting import Awaiting
from onecross.graphql._describe import describe
from onecross.graphql._engine import Statistics
from onecross.graphql._line import LineRuntime
from onecross.graphql._strawberry import core_schema

if TYPE_CHECKING:
    import strawberry

__all__ = [
    "Answer",
    "Preparation",
    "hand_over",
    "hand_over_json",
    "is_usual",
    "statistics",
    "unless_usual",
    "wrapping",
]

# Where a schema keeps its engine, so that the one lives as long as the other.
_ATTRIBUTE = "_onecross_engine"


class Preparation(NamedTuple):
    """What an executor holds, and how it differs from graphql-core's usual one."""

    fragments: dict[str, FragmentDefinitionNode]
    root_value: Any
    variable_values: Any
    info_class: type
    info_tail: tuple[Any, ...]
    field_resolver: Callable[..., Any] | None
    type_resolver: Callable[..., Any] | None
    middleware: Callable[[Callable[..., Any]], Callable[..., Any]] | None
    hide_suggestions: bool
    errors_propagate: bool
    is_serial: bool
    awaiting: Awaiting | None


class Answer(NamedTuple):
    """What the engine made of an operation.

    Attributes:
        data: The data.
        errors: The errors, if there are any.
    """

    data: Any
    errors: list[GraphQLError] | None


class _Known(NamedTuple):
    """An operation that was read already, and by what it is told."""

    node: ref[OperationDefinitionNode]
    fragments: tuple[FragmentDefinitionNode, ...]
    operation: PreparedOperation


class _SchemaEngine:
    """The engine of a schema, and the operations it has read, each as long as its node lives."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = ref(schema)
        self.core = GraphQLEngine(describe(schema), LineRuntime(schema, None), None, 0, 0)
        self.known: dict[int, _Known] = {}

    def operation(
        self, node: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
    ) -> PreparedOperation:
        known = self.known.get(id(node))
        if (
            known is not None
            and known.node() is node
            and len(known.fragments) == len(fragments)
            and all(map(is_, known.fragments, fragments.values()))
        ):
            return known.operation
        operation = self.core.prepare_operation(node, fragments)
        forget = partial(_forget, self.known, id(node))
        self.known[id(node)] = _Known(ref(node, forget), tuple(fragments.values()), operation)
        return operation

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        # A schema is pickled and copied without its engine, which it gets anew.
        return type(None), ()


def _forget(known: dict[int, _Known], place: int, node: ref[OperationDefinitionNode]) -> None:
    """Forget an operation whose node is gone, unless its place was taken since."""
    found = known.get(place)
    if found is not None and found.node is node:
        del known[place]


# Held while a schema is given its engine, lest executions that begin together give it two.
_giving = Lock()


def _engine_of(schema: GraphQLSchema) -> _SchemaEngine:
    found: _SchemaEngine | None = vars(schema).get(_ATTRIBUTE)
    if found is not None and found.schema() is schema:
        return found
    # Anybody's code may run when an engine is made or dropped, so no lock is held then.
    made = _SchemaEngine(schema)
    with _giving:
        given: _SchemaEngine | None = vars(schema).get(_ATTRIBUTE)
        if given is None or given.schema() is not schema:
            setattr(schema, _ATTRIBUTE, made)
            return made
    return given


def hand_over(
    schema: GraphQLSchema, node: OperationDefinitionNode, preparation: Preparation
) -> Answer | Completion | None:
    """Have the engine of a schema execute an operation.

    Args:
        schema: The schema, which must not change once it has been executed.
        node: The operation.
        preparation: What the executor holds.

    Returns:
        What the engine made of it; where something is awaited, what gives the result when all is
        there, as `respond` makes it. `None` when the operation must be left to graphql-core.
    """
    engine = _engine_of(schema)
    operation = engine.operation(node, preparation.fragments)
    answer = engine.core.execute_prepared(operation, preparation)
    return Answer(*answer) if isinstance(answer, tuple) else answer


def hand_over_json(
    schema: GraphQLSchema,
    node: OperationDefinitionNode,
    preparation: Preparation,
    default: Callable[[Any], Any],
) -> Answer | Completion | None:
    """Have the engine of a schema execute an operation, its data written as JSON.

    Args:
        schema: The schema, which must not change once it has been executed.
        node: The operation.
        preparation: What the executor holds.
        default: Makes of a value that JSON does not know one that it may know.

    Returns:
        As `hand_over`; the data are bytes.
    """
    engine = _engine_of(schema)
    operation = engine.operation(node, preparation.fragments)
    answer = engine.core.execute_prepared_json(operation, preparation, default)
    return Answer(*answer) if isinstance(answer, tuple) else answer


def statistics(schema: "GraphQLSchema | strawberry.Schema") -> Statistics:
    """Tell what became of the operations over a schema that executors handed over.

    Example:
        ```python
        from graphql import build_schema, parse
        from onecross.graphql import execute_sync, statistics

        schema = build_schema("type Query { greeting: String }")
        execute_sync(schema, parse("{ greeting }"), {"greeting": "Hello"})
        assert statistics(schema).executed == 1
        ```

    Args:
        schema: A graphql-core `GraphQLSchema` or a `strawberry.Schema`.

    Returns:
        How many operations were executed from plans, and how many were left to graphql-core, by
        reason. Operations that an `Engine` of the schema executed are in the statistics of that
        engine, not here.

    Raises:
        TypeError: The schema is neither.
    """
    engine = _engine_of(core_schema(schema))
    return Statistics(engine.core.executed, engine.core.fallbacks, len(engine.known), 0)


def unless_usual(function: Callable[..., Any], usual: Callable[..., Any]) -> Any:
    """The function, or `None` when it is the usual one."""
    return None if function is usual else function


def wrapping(manager: MiddlewareManager | None) -> Callable[..., Any] | None:
    """What puts middleware around a resolver, if there is any."""
    if manager is None or (type(manager) is MiddlewareManager and not manager.middlewares):
        return None
    return manager.get_field_resolver


# Whether classes execute as ours does, each kept no longer than it lives.
_usual: WeakKeyDictionary[type, bool] = WeakKeyDictionary()


def is_usual(executor_class: type, ours: type, own: frozenset[str]) -> bool:
    """Whether an executor class executes as ours does, none of the steps being its own.

    Args:
        executor_class: Ours, or one that extends it.
        ours: The class of ours that it extends.
        own: The names of steps that may differ.
    """
    known = _usual.get(executor_class)
    if known is None:
        known = _usual[executor_class] = _has_the_steps_of(executor_class, ours, own)
    return known


def _has_the_steps_of(executor_class: type, ours: type, own: frozenset[str]) -> bool:
    for base in ours.__mro__:
        for name, member in vars(base).items():
            is_step = isinstance(member, FunctionType | staticmethod | classmethod)
            if is_step and name not in own:
                found = getattr(executor_class, name)
                usual = getattr(ours, name)
                if getattr(found, "__func__", found) is not getattr(usual, "__func__", usual):
                    return False
    return True
