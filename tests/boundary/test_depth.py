"""What is nested too deeply ends in an error, also on a thread with a small stack."""

import pytest

PROGRAM = """
import sys, threading
sys.setrecursionlimit(20_000)
from graphql import (
    GraphQLField, GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLScalarType, GraphQLSchema,
    located_error, parse,
)
from onecross.graphql import Engine

kind, depth, stack = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
nested = GraphQLInt
if kind == "lists":
    for _ in range(depth):
        nested = GraphQLList(nested)
fields = {
    "number": GraphQLField(GraphQLInt),
    "nested": GraphQLField(nested),
    "any": GraphQLField(GraphQLScalarType("Any")),
}
query_type = GraphQLObjectType("Query", lambda: {**fields, "own": GraphQLField(query_type)})
engine = Engine(GraphQLSchema(query_type))

def chain_of_fragments():
    # The parser limits how deep a selection is written, so each fragment goes a bit deeper.
    parts, left = [], depth
    while left > 0:
        here = min(left, 50)
        left -= here
        inner = f"...F{len(parts) + 1}" if left else "number"
        head = f"fragment F{len(parts)} on Query" if parts else "query"
        parts.append(f"{head} {'{ own ' * here}{{ {inner} }}{' }' * here}")
    return "\\n".join(parts)

def nest(wrap, value):
    for _ in range(depth):
        value = wrap(value)
    return value

class Own:
    number = 1
    @property
    def own(self):
        return self

class Same:
    number = 1
Same.own = Same()

def endless():
    value = []
    value.append(value)
    return value

def endless_dict():
    value = {}
    value["own"] = value
    return value

query, root = {
    "objects": lambda: (chain_of_fragments(), Same()),
    "properties": lambda: (chain_of_fragments(), Own()),
    "lists": lambda: ("{ nested }", {"nested": nest(lambda inner: [inner], 1)}),
    "endless lists": lambda: ("{ any }", {"any": endless()}),
    "endless dicts": lambda: ("{ any }", {"any": endless_dict()}),
    "values": lambda: ("{ any }", {"any": nest(lambda inner: [inner], 1)}),
    "dicts": lambda: ("{ any }", {"any": nest(lambda inner: {"a": inner}, 1)}),
    "mixed": lambda: ("{ any }", {"any": nest(lambda inner: {"a": (inner, "b")}, 1)}),
}[kind]()

document = parse(query)
told = []

def work():
    try:
        if query == "{ any }" or query == "{ nested }":
            told.append(engine.execute_json_sync(query, root).errors)
        else:
            told.append(engine.execute_document_sync(document, root).errors)
    except RecursionError as error:
        told.append([located_error(error)])

engine.execute_json_sync("{ any nested number }", {})
threading.stack_size(stack * 1024)
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(", ".join(error.message for error in told[0]) if told[0] else "complete")
"""

LARGE = "16384"
SMALL = "256"
TINY = "64"
DEPTHS = {
    "objects": (500, 10_000),
    "properties": (500, 10_000),
    "lists": (500, 2_000),
    "values": (400, 10_000),
    "dicts": (400, 10_000),
    "mixed": (200, 10_000),
}


@pytest.mark.parametrize("kind", DEPTHS)
def test_what_is_within_the_limit_is_answered(run_python, kind):
    finished = run_python(PROGRAM, kind, str(DEPTHS[kind][0]), LARGE)
    assert (finished.returncode, finished.stdout) == (0, "complete\n"), finished.stderr


@pytest.mark.parametrize("kind", [*DEPTHS, "endless lists", "endless dicts"])
def test_what_is_beyond_the_limit_is_an_error_of_its_field(run_python, kind):
    depth = DEPTHS.get(kind, (0, 0))[1]
    finished = run_python(PROGRAM, kind, str(depth), LARGE)
    assert finished.returncode == 0, finished.stderr
    assert "recursion depth" in finished.stdout or "nested deeper" in finished.stdout


@pytest.mark.parametrize("kind", [*DEPTHS, "endless lists", "endless dicts"])
def test_a_small_stack_does_not_overflow(run_python, kind):
    depth = DEPTHS.get(kind, (0, 0))[1]
    finished = run_python(PROGRAM, kind, str(depth), SMALL)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout != "complete\n"


# Not of selections: graphql-core executes those that are nested so deeply, and CPython hashes its
# paths, tuples in tuples, without a look at the stack.
@pytest.mark.parametrize("kind", ["lists", "values", "dicts", "mixed", "endless lists"])
def test_a_stack_too_small_for_anything_does_not_overflow(run_python, kind):
    finished = run_python(PROGRAM, kind, "10000" if kind != "lists" else "2000", TINY)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout != "complete\n"


INPUTS = """
import sys, threading
from graphql import build_schema
from onecross.graphql import Engine

form, kind, depth, stack = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
sys.setrecursionlimit(200_000)
engine = Engine(build_schema('''
    scalar Any
    input In { own: In }
    type Query { own: Query number: Int take(value: In, any: Any): Int }
'''))
nested = {}
for _ in range(depth):
    nested = {"own": nested}
query, variables = {
    "selections": ("{ own " * depth + "{ number }" + " }" * depth, None),
    "lists": ("{ take(any: " + "[" * depth + "]" * depth + ") }", None),
    "objects": ("{ take(value: " + "{ own: " * depth + "{}" + "}" * depth + ") }", None),
    "variables": ("query Q($value: In) { take(value: $value) }", {"value": nested}),
}[kind]
told = []

def work():
    told.extend(getattr(engine, form)(query, None, None, variables).errors or ())

threading.stack_size(stack * 1024)
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(", ".join(error.message for error in told))
"""


@pytest.mark.parametrize("stack", [LARGE, SMALL])
@pytest.mark.parametrize("kind", ["selections", "lists", "objects", "variables"])
@pytest.mark.parametrize("form", ["execute_json_sync", "execute_sync"])
def test_documents_and_variables_nested_too_deeply_are_an_error(run_python, form, kind, stack):
    finished = run_python(INPUTS, form, kind, "10000", stack)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.endswith("nested too deeply. Parsing aborted.\n") or (
        kind == "variables" and finished.stdout == "Variable values are nested too deeply.\n"
    )


REENTRANT = """
from graphql import build_schema
from onecross.graphql import Engine

engine = Engine(build_schema("type Query { number: Int }"))
calls = 0

class Nested:
    @property
    def number(self):
        global calls
        calls += 1
        result = engine.execute_json_sync("{ number }", self)
        return calls if result.errors is None else None

result = engine.execute_json_sync("{ number }", Nested())
print(calls > 100, bytes(result)[:8])
"""


def test_executions_nested_without_end_are_an_error(run_python):
    finished = run_python(REENTRANT)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout == "True b'{\"data\":'\n"


PATHS = """
import threading
from graphql import build_schema, parse
from onecross.graphql import Engine

schema = build_schema("type Query { own: Query number: Int }")
schema.query_type.fields["number"].resolve = lambda _root, info: len(info.path.as_list())
engine, root, told = Engine(schema), {}, []
root["own"] = root
ten = "own { " * 10 + "...F%d" + " }" * 10
fragments = [f"fragment F{n} on Query {{ {ten % (n - 1)} }}" for n in range(1, 110)]
fragments = " ".join(["fragment F0 on Query { number }", *fragments])
documents = [parse(f"{{ ...F{tens} }} {fragments}") for tens in range(10, 110, 2)]

def work():
    # The deeper, the less is left of the stack, until it is too little to go on.
    for document in documents:
        result = engine.execute_document_sync(document, root)
        told.append(result.errors and result.errors[0].message)

threading.stack_size(900 * 1024)
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(told.index(None), told[-1])
"""


def test_a_long_path_is_made_for_a_resolver_on_a_small_stack(run_python):
    finished = run_python(PATHS)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout == "0 maximum recursion depth exceeded\n"
