"""Documents that a stand-in for Strawberry's schema keeps: what is spared, and when nothing is."""

from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import (
    FieldNode,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    ValidationRule,
    parse,
)
from strawberry.extensions import (
    AddValidationRules,
    DisableValidation,
    MaxTokensLimiter,
    SchemaExtension,
)

from onecross.graphql.strawberry import Schema
from onecross.graphql.strawberry import _documents as documents


@strawberry.type
class Query:
    number: int = 1

    @strawberry.field
    def text(self) -> str:
        return "x"


class Work:
    """Counts what is parsed and what is validated by Strawberry itself."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.parsed: list[str] = []
        self.validated = 0
        module: Any = strawberry.schema.schema
        usual_parse, usual_validate = module.parse, module.validate_document

        def parse(text: str, **options: Any) -> Any:
            self.parsed.append(text)
            return usual_parse(text, **options)

        def validate(*arguments: Any) -> Any:
            self.validated += 1
            return usual_validate(*arguments)

        patch.setattr(module, "parse", parse)
        patch.setattr(module, "validate_document", validate)

    def taken(self) -> tuple[int, int]:
        """How often it was parsed and validated since this was asked."""
        taken = len(self.parsed), self.validated
        self.parsed.clear()
        self.validated = 0
        return taken


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """What Strawberry does."""
    return Work(monkeypatch)


def test_a_document_is_parsed_and_validated_once(work: Work) -> None:
    schema = Schema(Query)
    for number in range(3):
        assert schema.execute_sync("{ text }").data == {"text": "x"}
        assert work.taken() == ((1, 1) if number == 0 else (0, 0))
    assert schema.execute_sync("{ text } ").data == {"text": "x"}
    assert work.taken() == (1, 1)


@pytest.mark.parametrize("query", ["{ unknown }", "{ text"])
def test_what_is_not_valid_is_not_kept(work: Work, query: str) -> None:
    schema = Schema(Query)
    first = schema.execute_sync(query).errors
    expected = work.taken()
    second = schema.execute_sync(query).errors
    assert work.taken() == expected
    assert first == second
    assert first is not None
    assert first[0] is not second[0]


def test_rules_of_a_user_are_asked_each_time(work: Work) -> None:
    asked: list[str] = []
    banned: set[str] = set()

    class Ban(ValidationRule):
        def enter_field(self, node: FieldNode, *_rest: Any) -> None:
            asked.append(node.name.value)
            if node.name.value in banned:
                self.report_error(GraphQLError("banned", node))

    schema = Schema(Query, extensions=[lambda: AddValidationRules([Ban])])
    assert schema.execute_sync("{ text }").errors is None
    assert schema.execute_sync("{ text }").errors is None
    banned.add("text")
    assert [error.message for error in schema.execute_sync("{ text }").errors or ()] == ["banned"]
    assert asked == ["text"] * 3
    assert work.taken() == (3, 3)


def test_rules_are_part_of_what_a_document_is_known_by() -> None:
    is_strict = False

    class Strict(SchemaExtension):
        def on_operation(self) -> Iterator[None]:
            if is_strict:
                context = self.execution_context
                rules = (*context.validation_rules, NoSchemaIntrospectionCustomRule)
                context.validation_rules = rules
            yield

    schema = Schema(Query, extensions=[Strict])
    query = '{ __type(name: "Query") { name } }'
    assert schema.execute_sync(query).errors is None
    is_strict = True
    for _again in range(2):
        assert "introspection" in str(schema.execute_sync(query).errors)
    is_strict = False
    assert schema.execute_sync(query).errors is None


def test_options_of_the_parser_are_heeded(work: Work) -> None:
    limit = 100
    schema = Schema(Query, extensions=[lambda: MaxTokensLimiter(limit)])
    assert schema.execute_sync("{ text }").errors is None
    limit = 2
    assert "2 tokens" in str(schema.execute_sync("{ text }").errors)
    assert work.taken() == (2, 1)


def test_what_is_not_validated_is_not_kept_as_valid() -> None:
    is_on = False

    class Switch(DisableValidation):
        def on_operation(self) -> Iterator[None]:
            if is_on:
                yield from super().on_operation()
            else:
                yield

    schema = Schema(Query, extensions=[Switch])
    is_on = True
    assert schema.execute_sync("{ unknown }").errors is None
    is_on = False
    assert "Cannot query field" in str(schema.execute_sync("{ unknown }").errors)


def test_a_document_that_an_extension_gives_is_executed() -> None:
    class Replace(SchemaExtension):
        stage = "parsing"

        def replace(self) -> None:
            self.execution_context.graphql_document = parse("{ number }")

        def on_parse(self) -> Iterator[None]:
            if Replace.stage == "parsing":
                self.replace()
            yield
            if Replace.stage == "parsed":
                self.replace()

        def on_validate(self) -> Iterator[None]:
            yield
            if Replace.stage == "validated":
                self.replace()

    schema = Schema(Query, extensions=[Replace])
    for Replace.stage in ("parsing", "parsed", "validated"):
        for _again in range(2):
            assert schema.execute_sync("{ text }", root_value=Query()).data == {"number": 1}
    Replace.stage = "never"
    assert schema.execute_sync("{ text }").data == {"text": "x"}


def test_a_text_that_an_extension_changes() -> None:
    class Rewrite(SchemaExtension):
        def on_operation(self) -> Iterator[None]:
            self.execution_context.query = "{ number }"
            yield

        def on_parse(self) -> Iterator[None]:
            yield
            self.execution_context.query = "{ unknown }"

    schema = Schema(Query, extensions=[Rewrite])
    for _again in range(2):
        assert schema.execute_sync("{ text }", root_value=Query()).data == {"number": 1}
    plain = Schema(Query)
    assert plain.execute_sync("{ unknown }").errors


def test_a_document_given_in_place_of_another_says_nothing_of_its_validity() -> None:
    given: str | None = "{ number }"

    class Replace(SchemaExtension):
        def on_parse(self) -> Iterator[None]:
            yield
            if given is not None:
                self.execution_context.graphql_document = parse(given)

    schema = Schema(Query, extensions=[Replace])
    assert schema.execute_sync("{ unknown }", root_value=Query()).data == {"number": 1}
    given = None
    assert "Cannot query field" in str(schema.execute_sync("{ unknown }").errors)
    assert schema.execute_sync("{ text }").data == {"text": "x"}
    given = "{ unknown }"
    assert "Cannot query field" in str(schema.execute_sync("{ text }").errors)


def test_an_error_that_an_extension_finds() -> None:
    is_refused = False

    class Refuse(SchemaExtension):
        def on_validate(self) -> Iterator[None]:
            if is_refused:
                self.execution_context.pre_execution_errors = [GraphQLError("refused")]
            yield

    schema = Schema(Query, extensions=[Refuse])
    assert schema.execute_sync("{ text }").errors is None
    is_refused = True
    for _again in range(2):
        assert str(schema.execute_sync("{ text }").errors) == "[GraphQLError('refused')]"


def kept(held: documents.Documents, texts: list[str]) -> list[bool]:
    return [held.find(text) is not None for text in texts]


def test_those_used_last_are_kept_within_their_number() -> None:
    held, texts = documents.Documents(2, 1 << 20), ["{ a }", "{ b }", "{ c }"]
    for text in texts[:2]:
        held.keep(text, parse(text), ())
    assert held.find("{ a }") is not None
    held.keep("{ c }", parse("{ c }"), ())
    assert kept(held, texts) == [True, False, True]


def test_those_used_last_are_kept_within_their_size() -> None:
    held, texts = documents.Documents(100, 3_000), ["{ a }", "{ b }", "{ long }"]
    for text in texts[:2] * 2:
        held.keep(text, parse(text), ())
    assert kept(held, texts) == [True, True, False]
    held.keep("{ long }", parse("{ long }"), ())
    assert kept(held, texts) == [False, True, True]
    held.keep("{ too_long_for_this }", parse("{ a }"), ())
    assert kept(held, [*texts, "{ too_long_for_this }"]) == [False, True, True, False]
