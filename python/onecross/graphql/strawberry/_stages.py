"""The stages of a request as extensions see them, without the cost of those nobody watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from inspect import CO_GENERATOR
from types import FunctionType, TracebackType
from typing import Any

from graphql import DocumentNode
from strawberry.extensions import SchemaExtension
from strawberry.extensions.context import (
    ExecutingContextManager,
    ExtensionContextManagerBase,
    OperationContextManager,
    ParsingContextManager,
    ValidationContextManager,
    WrappedHook,
)
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.types import ExecutionContext

from onecross.graphql.strawberry._documents import Documents, are_pure

__all__ = ["Runner"]

_Hook = Callable[[SchemaExtension], Iterator[None]]


@contextmanager
def _entered(hook: _Hook, extension: SchemaExtension) -> Iterator[None]:
    """A hook that is a generator, as a context manager."""
    yield from hook(extension)


def _nothing() -> None:
    """Do nothing."""


class _Stage(ExtensionContextManagerBase):
    """A stage that enters hooks as Strawberry does, and nothing where there are none.

    Args:
        extensions: Those of the request.
        begin: What is done once all hooks are entered.
        end: What is done before any hook is left.
    """

    __slots__ = ("begin", "end")

    def __init__(
        self,
        extensions: list[SchemaExtension],
        begin: Callable[[], None] = _nothing,
        end: Callable[[], None] = _nothing,
    ) -> None:
        self.begin = begin
        self.end = end
        usual = getattr(SchemaExtension, self.HOOK_NAME)
        watching = [
            extension
            for extension in extensions
            if getattr(type(extension), self.HOOK_NAME) is not usual
        ]
        if watching:
            super().__init__(watching)
        else:
            self.hooks = []

    def get_hook(self, extension: SchemaExtension) -> WrappedHook | None:
        function = getattr(type(extension), self.HOOK_NAME)
        if type(function) is FunctionType and function.__code__.co_flags & CO_GENERATOR:
            return WrappedHook(extension, partial(_entered, function, extension), False)
        return super().get_hook(extension)

    def __enter__(self) -> None:
        match self.hooks:
            case []:
                pass
            case [WrappedHook(is_async=False) as only]:
                # A single context manager needs no stack.
                hook: Any = only.hook()
                hook.__enter__()
                self.exit_stack = hook
            case _:
                super().__enter__()
        self.begin()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self.end()
        if self.hooks:
            super().__exit__(exc_type, exc_val, exc_tb)

    async def __aenter__(self) -> None:
        if self.hooks:
            await super().__aenter__()
        self.begin()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self.end()
        if self.hooks:
            await super().__aexit__(exc_type, exc_val, exc_tb)


class _Operation(_Stage, OperationContextManager):
    __slots__ = ()


class _Parsing(_Stage, ParsingContextManager):
    __slots__ = ()


class _Validation(_Stage, ValidationContextManager):
    __slots__ = ()


class _Executing(_Stage, ExecutingContextManager):
    __slots__ = ()


class Runner(SchemaExtensionsRunner):
    """Runs the extensions of a request, and spares it what is known of its document.

    Each shortcut is taken where an extension could take it too: after the hooks of a stage were
    entered, by what `ParserCache` and `ValidationCache` set. So Strawberry does all that an
    extension had a part in, and hooks see what they would have seen.
    """

    def __init__(
        self,
        execution_context: ExecutionContext,
        extensions: list[SchemaExtension],
        documents: Documents,
    ) -> None:
        super().__init__(execution_context, extensions)
        self._documents = documents
        self._text: str | None = None
        self._document: DocumentNode | None = None
        self._rules: tuple[Any, ...] | None = None
        self._is_to_be_kept = False

    def operation(self) -> OperationContextManager:
        """The whole of it."""
        return _Operation(self.extensions)

    def parsing(self) -> ParsingContextManager:
        """Parsing."""
        return _Parsing(self.extensions, self._supply_document, self._note_document)

    def validation(self) -> ValidationContextManager:
        """Validation."""
        return _Validation(self.extensions, self._supply_verdict, self._note_verdict)

    def executing(self) -> ExecutingContextManager:
        """Execution."""
        return _Executing(self.extensions)

    def _supply_document(self) -> None:
        """Let a known document stand for parsing, if all that parsing depends on is the text."""
        context = self.execution_context
        if (
            context.graphql_document is not None
            or context.parse_options
            or type(context.query) is not str
        ):
            return
        self._text = context.query
        kept = self._documents.find(self._text)
        if kept is not None:
            context.graphql_document, self._rules = kept

    def _note_document(self) -> None:
        """Note what the text was parsed to."""
        if self._text is not None:
            self._document = self.execution_context.graphql_document

    def _supply_verdict(self) -> None:
        """Let an earlier validation stand for this one, if rules and document are the same."""
        context = self.execution_context
        if (
            self._document is None
            or context.graphql_document is not self._document
            or context.pre_execution_errors is not None
            or not context.validation_rules
        ):
            return
        if context.validation_rules == self._rules:
            context.pre_execution_errors = []
        else:
            self._is_to_be_kept = are_pure(context.validation_rules)

    def _note_verdict(self) -> None:
        """Keep a document that was just found valid."""
        context = self.execution_context
        if self._is_to_be_kept and context.pre_execution_errors == []:
            assert self._text is not None
            assert self._document is not None
            self._documents.keep(self._text, self._document, context.validation_rules)
