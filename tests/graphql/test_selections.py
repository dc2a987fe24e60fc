"""What is selected: fragments, aliases, merging, @skip and @include."""

from itertools import product
from typing import Any

import pytest
from graphql import execute_sync, parse, version_info
from reference import assert_same_result, build, check

from onecross.graphql import Engine

SCHEMA = build(
    "type Query { a(x: Int): Int b: Int t: T list: [T] any: U node: I }"
    " interface I { a(x: Int): Int t: T }"
    " type T implements I { a(x: Int): Int b: Int c: Int t: T list: [T] } type E { e: Int }"
    " union U = T | E"
)
LEAF = {"a": 4, "b": 5, "c": 6}
MIDDLE = {**LEAF, "t": LEAF, "list": [LEAF, {}, None], "__typename": "T"}
ROOT: dict[str, Any] = {"a": 1, "b": 2, "t": MIDDLE, "list": [MIDDLE, LEAF], "node": MIDDLE}
ROOT["any"] = {"__typename": "E", "e": 7}

QUERIES = [
    "{ b a }",
    "{ b a b a a }",
    "{ x: a y: a a: b b: a }",
    "{ _1: a }",
    "{ t { a } t { b a } a t { t { a } } t { t { b } } }",
    "{ t { ...f b } ...q } fragment f on T { c ...g } fragment g on T { a t { a } }"
    " fragment q on Query { b t { t { c a } } }",
    "{ ...q ...q a ...q } fragment q on Query { b ... { a } ... on Query { t { a } } }",
    "{ any { ... on T { a } ...e __typename } list { ... on I { a } ... on T { b } } }"
    " fragment e on E { e }",
    "{ node { t { a } ... on T { t { b } b } ... on I { x: a } __typename y: __typename } }",
    "{ __typename t { __typename list { __typename } } x: __typename }",
    "{ list { list { list { a } a } t { t { t { a } } } } }",
    "{ t { list { a } } t { list { b } } ... { t { list { c a } } } }",
    "{ a(x: 1) b } # comment, with é and 😀",
    "query Named { ...q } fragment q on Query { t { ...t } }"
    " fragment t on T { a list { ...u } } fragment u on T { b t { ...v } } fragment v on T { c }",
]


@pytest.mark.parametrize("query", QUERIES)
def test_selections(query: str) -> None:
    check(SCHEMA, query, ROOT)
    check(SCHEMA, query, {})
    check(SCHEMA, query, {**ROOT, "t": {"list": "wrong", "a": "wrong", "t": {"a": []}}})


DIRECTIVES = ["", "@skip(if: $s)", "@include(if: $i)", "@skip(if: $s) @include(if: $i)"]
LITERALS = ["@skip(if: true)", "@skip(if: false)", "@include(if: true)", "@include(if: false)"]


@pytest.mark.parametrize("directive", [*DIRECTIVES, *LITERALS, "@include(if: $i) @skip(if: true)"])
@pytest.mark.parametrize("place", ["field", "object", "inline", "spread", "both"])
def test_conditions(directive: str, place: str) -> None:
    at = dict.fromkeys(["field", "object", "inline", "spread"], "")
    at.update(dict.fromkeys(["spread", "field"] if place == "both" else [place], directive))
    query = (
        f"query ($s: Boolean! = false, $i: Boolean! = true, $n: Int) {{ a(x: $n) x: b {at['field']}"
        f" t {at['object']} {{ a }} ... {at['inline']} {{ t {{ b }} y: a @skip(if: $s) }}"
        f" ...f {at['spread']} z: b @include(if: $i) }}"
        f" fragment f on Query {{ t {{ c a {at['field']} }} w: a }}"
    )
    for skip, include in product([True, False, None], repeat=2):
        variables = {"s": skip, "i": include}
        given = {name: value for name, value in variables.items() if value is not None}
        check(SCHEMA, query, ROOT, variables=given)


def test_one_engine_keeps_the_conditions_of_requests_apart() -> None:
    names = [f"v{number}" for number in range(7)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: a @include(if: ${name})" for name in names)
    query = f"query ({declared}) {{ b {fields} }}"
    engine = Engine(SCHEMA)
    for values in product([True, False], repeat=len(names)):
        variables = dict(zip(names, values, strict=True))
        chosen = ["b", *(name for name, value in variables.items() if value)]
        assert list(engine.execute_sync(query, ROOT, None, variables).data) == chosen
    assert engine.statistics.executed == 2 ** len(names)
    assert engine.statistics.cached_documents == 1


@pytest.mark.parametrize("count", [63, 64, 65, 130])
def test_many_conditions(count: int) -> None:
    declared = ", ".join(f"$v{number}: Boolean!" for number in range(count))
    fields = " ".join(f"f{number}: a @skip(if: $v{number})" for number in range(count))
    variables = {f"v{number}": number % 3 == 0 for number in range(count)}
    engine = Engine(SCHEMA)
    result = engine.execute_sync(f"query ({declared}) {{ {fields} }}", ROOT, None, variables)
    assert list(result.data) == [f"f{number}" for number in range(count) if number % 3]


NOT_VALIDATED = [
    "{ unknown a t { unknown { deeper } b } }",
    "{ ...missing a } fragment other on Unknown { a }",
    "{ a ... on Unknown { b } ... on Int { b } ...f } fragment f on T { a }",
    "{ a: a a: b t { x: a } t { x: b } }",
    "{ a { b } t list }",
    "{ ...f } fragment f on Query { a ...g } fragment g on Query { b ...f }",
    "{ any { e } node { c } __schema t { __schema { types { name } } __type } }",
    "query A { a } query A { b }",
    "{ a @skip(if: true) @include(if: true) b @include(if: false) @skip(if: false) }",
    "{ a @unknown(if: 1) b @deprecated }",
    "{ a @skip(if: true, if: false) b @include(if: true, if: false) c @skip(if: 1, if: false) }",
    "fragment f on Query { a } fragment f on Query { b } { ...f }",
    "{ a ... @include(if: true) { ... @skip(if: false) { b } } }",
]


@pytest.mark.parametrize("query", NOT_VALIDATED)
def test_documents_that_were_not_validated(query: str) -> None:
    document, name = parse(query), "A" if "A" in query else None
    expected = execute_sync(SCHEMA, document, ROOT, operation_name=name)
    engine = Engine(SCHEMA)
    for _ in range(2):
        actual = engine.execute_document_sync(document, ROOT, None, None, name)
        assert_same_result(actual, expected)
    assert engine.statistics.executed == 2


@pytest.mark.parametrize(
    "directive", ["@skip", "@skip(if: null)", "@include(if: 1)", "@skip(if: $x)"]
)
def test_conditions_that_only_an_unvalidated_document_can_have(directive: str) -> None:
    document = parse(f"{{ a b {directive} }}")
    engine = Engine(SCHEMA)
    expected = execute_sync(SCHEMA, document, ROOT)
    assert_same_result(engine.execute_document_sync(document, ROOT), expected)
    assert sum(engine.statistics.fallbacks.values()) == 1


FRAGMENT_VARIABLES = {
    (
        "experimental_fragment_arguments"
        if version_info >= (3, 3)
        else "allow_legacy_fragment_variables"
    ): True
}


@pytest.mark.parametrize("declared", ["", "($x: Boolean!)"])
@pytest.mark.parametrize("default", ["true", "false"])
@pytest.mark.parametrize("directive", ["@skip(if: $x)", "@include(if: $x)"])
def test_variables_of_fragments(declared: str, default: str, directive: str) -> None:
    document = parse(
        f"query {declared} {{ c ...F }} fragment F($x: Boolean = {default}) on Query {{"
        f" a {directive} t {{ b {directive} }} }}",
        **FRAGMENT_VARIABLES,
    )
    for variables in ({"x": True}, {"x": False}) if declared else (None,):
        expected = execute_sync(SCHEMA, document, ROOT, variable_values=variables)
        actual = Engine(SCHEMA).execute_document_sync(document, ROOT, None, variables)
        assert_same_result(actual, expected)


def test_many_fields_and_deep_selections() -> None:
    many = " ".join(f"f{number}: a g{number}: t {{ a f{number}: b }}" for number in range(500))
    check(SCHEMA, f"{{ {many} }}", ROOT)
    deep: Any = {}
    for number in range(60):
        deep = {"t": deep, "a": number}
    check(SCHEMA, "{ " + "t { a " * 50 + "}" * 50 + " }", deep)
