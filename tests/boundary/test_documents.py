"""The cache never takes one text for another."""

import pytest
from graphql import Source, build_schema, execute_sync, graphql_sync, parse

from onecross.graphql import Engine

SCHEMA = build_schema("type Query { echo(text: String): String }")
ROOT = {"echo": lambda info, text: text}
TEXTS = ["\ufffd", "\ud800", "\udc00", "\ud800\udc00", "\U00010000", "a", "", "a\u0000"]


@pytest.mark.parametrize("first", TEXTS, ids=ascii)
@pytest.mark.parametrize("second", TEXTS, ids=ascii)
def test_texts_that_look_alike_are_told_apart(first, second):
    engine = Engine(SCHEMA)
    for text in (first, second, first):
        query = f'{{ echo(text: "{text}") }}'
        expected = graphql_sync(SCHEMA, query, ROOT)
        assert engine.execute_sync(query, ROOT).formatted == expected.formatted


def test_a_source_is_known_by_its_text_and_the_name_its_errors_tell():
    engine = Engine(SCHEMA)
    query = '{ echo(text: "a") }'
    for source in (query, Source(query), Source(query), Source(query, "another name")):
        assert engine.execute_sync(source, ROOT).data == {"echo": "a"}
    assert engine.statistics.cached_documents == 3


def test_a_document_that_was_parsed_is_executed_and_not_kept():
    engine = Engine(SCHEMA)
    document = parse('{ echo(text: "a") }', no_location=True)
    expected = execute_sync(SCHEMA, document, ROOT)
    assert engine.execute_document_sync(document, ROOT).formatted == expected.formatted
    assert engine.statistics.cached_documents == 0
