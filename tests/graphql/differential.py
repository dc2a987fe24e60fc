"""Random requests over random schemas, answered by the engine and by graphql-core."""

import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from generator import Document, Family, Recipe, document, family, root_of
from generator.resolvers import Journal
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    execute_sync,
    parse,
    validate,
)
from reference import Request, assert_same_json, assert_same_result, exactly

from onecross.errors import EncodingError
from onecross.graphql import Engine

__all__ = ["check_random_requests", "check_seed"]

# How much is asked of one schema: some documents, each several times, but once if not valid.
DOCUMENTS = 3
EXECUTIONS = 8

# What may be left to graphql-core; all else must be executed.
FALLBACKS = {"no such root type", "unusual conditions"}


class Outcome(NamedTuple):
    """How an execution ended: by a result or by an error, and what its resolvers were told."""

    result: Any
    error: BaseException | None
    told: list[Any]

    @property
    def kind(self) -> str:
        """In a word, how it ended."""
        if self.error is not None:
            return "ended by an error"
        if self.result.data is None:
            return "refused" if is_request_error(self.result) else "null"
        return "errors" if self.result.errors else "data"


def outcome(execute: Callable[[Journal], Any]) -> Outcome:
    journal = Journal()
    try:
        return Outcome(execute(journal), None, journal.entries)
    except BaseException as error:  # noqa: BLE001 - it is compared with the reference's
        return Outcome(None, error, journal.entries)


def check_seed(seed: int) -> Counter[str]:
    """Assert that what a seed stands for is answered as it should be; a failure names it.

    Returns:
        How many of the requests ended in which way.
    """
    try:
        return check_random_requests(Random(seed))
    except BaseException as error:
        error.add_note(f"the seed is {seed}: ONECROSS_SEED={seed} asks it again")
        raise


def check_random_requests(random: Random) -> Counter[str]:
    """Assert it of random requests over one random schema."""
    made = family(random)
    engine = Engine(made.schema)
    kinds: Counter[str] = Counter()
    for _ in range(DOCUMENTS):
        asked = Asked(made, engine, document(random, made))
        for _ in range(EXECUTIONS if asked.is_valid else 1):
            kinds[asked.check(random)] += 1
    assert set(engine.statistics.fallbacks) <= FALLBACKS, engine.statistics.fallbacks
    return kinds


class Asked:
    """A document that is asked again and again, so that one plan serves all sorts of requests."""

    def __init__(self, made: Family, engine: Engine, written: Document) -> None:
        self.made = made
        self.engine = engine
        self.written = written
        self.prepared = prepared(made, written.text)
        self.is_valid = not isinstance(self.prepared, list)

    def check(self, random: Random) -> str:
        """Assert that a random request is answered as it should be; tells how it ended."""
        name, operation = self.written.choice(random)
        root = root_of(random, self.made, operation.root_type)
        variables = operation.values(random)
        told = (
            f"{self.written.text}\noperation: {name}\nvariables: {variables!a}\nroot: {root.text}"
        )
        try:
            return self.compare(root, variables, name).kind
        except AssertionError as error:
            error.add_note(told)
            raise

    def compare(self, root: Recipe, variables: dict[str, Any], name: str | None) -> Outcome:
        """Have a request answered by graphql-core, then by the engine in both forms."""

        def request(journal: Journal) -> Request:
            return Request(self.written.text, root.make(), journal, variables, name)

        expected = outcome(lambda journal: self.answer_of_graphql_core(request(journal)))
        dicts = outcome(lambda journal: self.engine.execute_sync(*request(journal)))
        assert_same_course(dicts, expected)
        if expected.error is None:
            assert_same_result(dicts.result, expected.result)
        body = outcome(lambda journal: self.engine.execute_json_sync(*request(journal)))
        if expected.error is None and (
            is_refused_by_json(body) or not has_form_in_json(expected.result)
        ):
            assert is_refused_by_json(body)
            return expected
        assert_same_course(body, expected)
        if expected.error is None:
            assert_same_json(body.result, expected.result, is_request_error(expected.result))
        return expected

    def answer_of_graphql_core(self, request: Request) -> ExecutionResult:
        """What `graphql_sync` does, except that the document is parsed and validated once."""
        if isinstance(self.prepared, list):
            return ExecutionResult(None, self.prepared)
        return execute_sync(self.made.schema, self.prepared, *request[1:])


def prepared(made: Family, text: str) -> DocumentNode | list[GraphQLError]:
    """The document, or why it cannot be executed."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return [error]
    return validate(made.schema, document) or document


def has_form_in_json(result: ExecutionResult) -> bool:
    """Whether the standard library can write the data, to the letter of JSON."""
    try:
        json.dumps(result.data, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def is_refused_by_json(actual: Outcome) -> bool:
    """Whether something had no form in JSON: an error at its place if the engine executed.

    Null may have taken the place of that since, so that the data alone does not tell.
    """
    if actual.error is not None:
        return type(actual.error) is EncodingError
    return any("JSON" in error.message for error in actual.result.errors or ())


def is_request_error(result: ExecutionResult) -> bool:
    """Whether nothing was executed: then no error has a path."""
    return result.data is None and all(error.path is None for error in result.errors or ())


def assert_same_course(actual: Outcome, expected: Outcome) -> None:
    """Assert that both ended alike, and told resolvers the same."""
    assert (type(actual.error), str(actual.error)) == (type(expected.error), str(expected.error))
    assert exactly(actual.told) == exactly(expected.told)
