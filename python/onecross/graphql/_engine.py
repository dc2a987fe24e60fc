"""The engine: one schema, its documents parsed once, its operations run from compiled plans."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import (
    ASTValidationRule,
    DocumentNode,
    ExecutionResult,
    GraphQLSchema,
    Source,
    assert_valid_schema,
)

from onecross._core import GraphQLEngine, JsonResult
from onecross.errors import OptionError
from onecross.graphql._describe import describe
from onecross.graphql._line import LineRuntime
from onecross.graphql._strawberry import core_schema

if TYPE_CHECKING:
    import strawberry

__all__ = ["Engine", "Statistics"]


class Statistics(NamedTuple):
    """What an engine, or the executors over a schema, have done so far.

    Attributes:
        executed: How many operations were executed from plans.
        fallbacks: How many operations were left to graphql-core, by reason.
        cached_documents: How many documents an engine keeps. Executors keep none; for them it is
            how many operations are known, each for as long as whoever has its document keeps it.
        cached_bytes: About how many bytes of memory the documents take; 0 for executors.
    """

    executed: int
    fallbacks: dict[str, int]
    cached_documents: int
    cached_bytes: int


class Engine:
    """Executes requests over one schema.

    A document is parsed and validated by graphql-core the first time it is seen; its plans are
    then kept. An operation that the engine cannot take yet is left to graphql-core, whole, and
    counted (`statistics`); its answer is the same either way.

    An engine may be used from several threads. The schema must not be changed once it has an
    engine: make another engine for a changed schema.

    Example:
        ```python
        from graphql import build_schema
        from onecross.graphql import Engine

        engine = Engine(build_schema("type Query { greeting: String }"))
        result = engine.execute_json_sync("{ greeting }", root_value={"greeting": "Hello"})
        assert bytes(result) == b'{"data":{"greeting":"Hello"}}'
        ```

        A custom scalar may answer with what JSON has no form for, if the engine is told one:

        ```python
        from decimal import Decimal
        from graphql import build_schema
        from onecross.graphql import Engine

        engine = Engine(build_schema("scalar Price type Query { price: Price }"), default=str)
        result = engine.execute_json_sync("{ price }", {"price": Decimal("9.90")})
        assert bytes(result) == b'{"data":{"price":"9.90"}}'
        assert engine.execute_sync("{ price }", {"price": 1}).data == {"price": 1}
        ```

    Args:
        schema: A graphql-core `GraphQLSchema` or a `strawberry.Schema`.
        validation_rules: Rules to validate documents by, instead of the specified ones.
        parse_options: What graphql-core's `parse` is given beside the text, such as `max_tokens`.
        default: What becomes of a value that JSON does not know, as for `json.dumps`: it is called
            with the value, wherever in a custom scalar or in extensions that is, and what it
            returns is written in its place. It may raise. Without it such a value is an error.
        cache_documents: How many documents are kept at most.
        cache_bytes: How many bytes of memory they may take at most, about.

    Raises:
        TypeError: The schema is no schema, or is not valid.
        OptionError: `validation_rules` or `parse_options` were given for a Strawberry schema with
            extensions, operation directives or an execution context class of its own.
    """

    def __init__(
        self,
        schema: "GraphQLSchema | strawberry.Schema",
        *,
        validation_rules: Collection[type[ASTValidationRule]] | None = None,
        parse_options: Mapping[str, Any] | None = None,
        default: Callable[[Any], Any] | None = None,
        cache_documents: int = 1_000,
        cache_bytes: int = 256 << 20,
    ) -> None:
        rules = None if validation_rules is None else tuple(validation_rules)
        core = core_schema(schema)
        if isinstance(schema, GraphQLSchema):
            runtime = LineRuntime(core, rules)
        else:
            from onecross.graphql._strawberry_runtime import StrawberryRuntime

            runtime = StrawberryRuntime(schema, rules)
        if runtime.reference_reason is not None and (
            validation_rules is not None or parse_options is not None
        ):
            message = (
                "validation_rules and parse_options have no say in a Strawberry schema with"
                " extensions, operation directives or an execution context class of its own, which"
                " Strawberry parses and validates for: give them to the schema, by extensions such"
                " as AddValidationRules and MaxTokensLimiter"
            )
            raise OptionError(message)
        if parse_options is not None:
            runtime.parse_options = dict(parse_options)
        assert_valid_schema(core)
        description = describe(core)
        self._runtime = runtime
        self._core = GraphQLEngine(description, runtime, default, cache_documents, cache_bytes)

    def execute_json_sync(
        self,
        query: str | Source,
        root_value: Any = None,
        context_value: Any = None,
        variable_values: dict[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> JsonResult:
        """Execute a request; the answer is its JSON body.

        Example:
            ```python
            from graphql import build_schema
            from onecross.graphql import Engine

            engine = Engine(build_schema("type Query { double(of: Int!): Int }"))
            root = {"double": lambda info, of: 2 * of}
            query = "query Double($n: Int!) { double(of: $n) }"
            result = engine.execute_json_sync(query, root, variable_values={"n": 21})
            assert bytes(result) == b'{"data":{"double":42}}' and result.errors is None
            ```

        Args:
            query: The text of the document.
            root_value: What the fields of the root type are read from.
            context_value: What resolvers find as `info.context`.
            variable_values: The values of the operation's variables.
            operation_name: Which operation to execute, if the document has several.

        Returns:
            The body, bytes-like: `data`, then `errors` if there are any. The errors are also
            there as `GraphQLError`s. A request that was not executed has no `data`.

        Raises:
            EncodingError: The extensions of an error have no form in JSON.
        """
        answer: JsonResult = self._core.execute_json(
            query, root_value, context_value, variable_values, operation_name, None
        )
        return answer

    def execute_sync(
        self,
        query: str | Source,
        root_value: Any = None,
        context_value: Any = None,
        variable_values: dict[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """Execute a request; the answer is graphql-core's result, with plain dicts and lists.

        Example:
            ```python
            from graphql import build_schema
            from onecross.graphql import Engine

            engine = Engine(build_schema("type Query { greeting: String }"))
            result = engine.execute_sync("{ greeting }", {"greeting": "Hello"})
            assert result.data == {"greeting": "Hello"}
            ```

        Args:
            query: The text of the document.
            root_value: What the fields of the root type are read from.
            context_value: What resolvers find as `info.context`.
            variable_values: The values of the operation's variables.
            operation_name: Which operation to execute, if the document has several.

        Returns:
            The data and the errors.
        """
        answer: ExecutionResult = self._core.execute(
            query, root_value, context_value, variable_values, operation_name, None
        )
        return answer

    async def execute_json(
        self,
        query: str | Source,
        root_value: Any = None,
        context_value: Any = None,
        variable_values: dict[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> JsonResult:
        """Execute a request whose resolvers may be asynchronous; the answer is its JSON body.

        What is awaited runs side by side, as with graphql-core; what does not suspend itself costs
        no task.

        Example:
            ```python
            import asyncio
            from graphql import build_schema
            from onecross.graphql import Engine

            async def greeting(info):
                await asyncio.sleep(0)
                return "Hello"

            engine = Engine(build_schema("type Query { greeting: String }"))
            result = asyncio.run(engine.execute_json("{ greeting }", {"greeting": greeting}))
            assert bytes(result) == b'{"data":{"greeting":"Hello"}}'
            ```

        Args:
            query: The text of the document.
            root_value: What the fields of the root type are read from.
            context_value: What resolvers find as `info.context`.
            variable_values: The values of the operation's variables.
            operation_name: Which operation to execute, if the document has several.

        Returns:
            As for `execute_json_sync`.

        Raises:
            EncodingError: The extensions of an error have no form in JSON.
        """
        answer = self._core.execute_json(
            query,
            root_value,
            context_value,
            variable_values,
            operation_name,
            self._runtime.awaiting(),
        )
        if not isinstance(answer, JsonResult):
            awaited = await answer
            answer = awaited if isinstance(awaited, JsonResult) else self._core.adopt_json(awaited)
        return answer

    async def execute(
        self,
        query: str | Source,
        root_value: Any = None,
        context_value: Any = None,
        variable_values: dict[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """Execute a request whose resolvers may be asynchronous; the answer is graphql-core's.

        Example:
            ```python
            import asyncio
            from graphql import build_schema
            from onecross.graphql import Engine

            async def greeting(info):
                return "Hello"

            engine = Engine(build_schema("type Query { greeting: String }"))
            result = asyncio.run(engine.execute("{ greeting }", {"greeting": greeting}))
            assert result.data == {"greeting": "Hello"}
            ```

        Args:
            query: The text of the document.
            root_value: What the fields of the root type are read from.
            context_value: What resolvers find as `info.context`.
            variable_values: The values of the operation's variables.
            operation_name: Which operation to execute, if the document has several.

        Returns:
            The data and the errors.
        """
        answer: ExecutionResult | Awaitable[ExecutionResult] = self._core.execute(
            query,
            root_value,
            context_value,
            variable_values,
            operation_name,
            self._runtime.awaiting(),
        )
        if not isinstance(answer, ExecutionResult):
            return await answer
        return answer

    def execute_document_sync(
        self,
        document: DocumentNode,
        root_value: Any = None,
        context_value: Any = None,
        variable_values: dict[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """Execute a document that was already parsed, as graphql-core's `execute_sync` does.

        Nothing is validated and nothing is kept: the plan is made for this execution alone.

        Args:
            document: The document.
            root_value: What the fields of the root type are read from.
            context_value: What resolvers find as `info.context`.
            variable_values: The values of the operation's variables.
            operation_name: Which operation to execute, if the document has several.

        Returns:
            The data and the errors.
        """
        return self._core.execute_document(
            document, root_value, context_value, variable_values, operation_name
        )

    def explain(self, query: str | Source, operation_name: str | None = None) -> str:
        """Show the plan of an operation: each field, how it is got, what it costs in crossings.

        Example:
            ```python
            from graphql import build_schema
            from onecross.graphql import Engine

            engine = Engine(build_schema("type Query { greeting: String }"))
            assert "key or attribute greeting" in engine.explain("{ greeting }")
            ```

        Args:
            query: The text of the document.
            operation_name: Which operation to show, if the document has several.

        Returns:
            A line for each field. Crossings are those of one object. Where directives depend on
            variables, these are taken to be true, which the last line says.

        Raises:
            GraphQLError: The document or its operation is not valid; the first of its errors.
        """
        explained = self._core.explain(query, operation_name)
        if isinstance(explained, str):
            return explained
        raise explained[0]

    @property
    def statistics(self) -> Statistics:
        """What the engine has done so far."""
        return Statistics(self._core.executed, self._core.fallbacks, *self._core.cached)

    def clear_cache(self) -> None:
        """Forget all documents and their plans."""
        self._core.clear_cache()
