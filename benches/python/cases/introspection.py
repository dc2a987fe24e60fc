"""The whole schema as tools ask for it: the full introspection query over 150 types of a shop's."""

from collections.abc import Iterator

from graphql import GraphQLSchema, build_schema, execute_sync, get_introspection_query, parse
from measure import Contestant, Settings, Table, measure

from cases.rivals import ONECROSS, compact_json
from onecross.graphql import Engine

QUERY = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
)

GRAPHQL_CORE_JSON = "graphql-core, parsed and valid, + json.dumps"

# One part of the schema: seven types, of each kind that a schema has.
PART = '''
"""Part {n} of the catalogue, as it is sold."""
type Part{n} implements Node & Named {{
  "What tells it from all others."
  id: ID!
  "Its name, in the language of the reader."
  name(language: Language{n} = EN, short: Boolean = false): String!
  "What it costs."
  price(currency: String = "EUR"): Float!
  stock: Int
  isSold: Boolean! @deprecated(reason: "Ask for its stock.")
  "The parts it is made of."
  parts(first: Int = 10, after: String, filter: Filter{n}): Part{n}Connection!
  related: [Found{n}!]!
  madeAt: Date
}}
type Part{n}Connection {{ edges: [Part{n}Edge!]! total: Int! hasNext: Boolean! }}
type Part{n}Edge {{ cursor: String! node: Part{n}! }}
"What a search may find."
union Found{n} = Part{n} | Part{n}Connection
enum Language{n} {{
  "English" EN "German" DE "French" FR
  ES @deprecated(reason: "Rarely asked for.")
}}
"What parts are chosen by."
input Filter{n} {{ name: String minimum: Float = 0.5 languages: [Language{n}!] not: Filter{n} }}
interface Priced{n} implements Node {{ id: ID! price: Float! }}
'''

ROOT = """
"A shop."
schema {{ query: Query mutation: Mutation }}
"An object with an identity."
interface Node {{ id: ID! }}
interface Named {{ name: String! }}
scalar Date @specifiedBy(url: "https://example.org/date")
type Query {{ {queries} }}
type Mutation {{ {mutations} }}
"""


def build(parts: int) -> GraphQLSchema:
    """Build the schema."""
    numbers = range(parts)
    queries = " ".join(f"part{n}(id: ID!, old: Boolean = false): Part{n}" for n in numbers)
    mutations = " ".join(f"change{n}(id: ID!, by: Filter{n}!): Part{n}!" for n in numbers)
    text = ROOT.format(queries=queries, mutations=mutations)
    return build_schema(text + "".join(PART.format(n=n) for n in numbers))


def tables(settings: Settings) -> Iterator[Table]:
    """Measure the introspection query, its plan warm."""
    schema = build(settings.size(full=20, small=2))
    engine = Engine(schema)
    document = parse(QUERY)
    contestants = [
        Contestant(ONECROSS, lambda: engine.execute_json_sync(QUERY)),
        Contestant(GRAPHQL_CORE_JSON, lambda: compact_json(execute_sync(schema, document).data)),
    ]
    yield measure(
        f"introspection, {len(schema.type_map)} types",
        contestants,
        settings,
        goals={GRAPHQL_CORE_JSON: 1 / 25},
    )
