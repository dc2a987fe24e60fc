"""What a type checker tells users: each expression beside the type it must have."""

from typing import reveal_type

from graphql import build_schema, parse

import onecross
from onecross.graphql import Engine

engine = Engine(build_schema("type Query { greeting: String }"), cache_documents=10)

result = engine.execute_json_sync("{ greeting }")
reveal_type(result)  # JsonResult
reveal_type(bytes(result))  # bytes
reveal_type(memoryview(result))  # memoryview[int]
reveal_type(len(result))  # int
reveal_type(result.errors)  # list[GraphQLError] | None
reveal_type(result.extensions)  # dict[str, Any] | None
reveal_type(result.is_request_error)  # bool

reveal_type(engine.execute_sync("{ greeting }"))  # ExecutionResult
reveal_type(engine.execute_document_sync(parse("{ greeting }")))  # ExecutionResult
reveal_type(engine.explain("{ greeting }"))  # str
reveal_type(engine.statistics.executed)  # int
reveal_type(engine.statistics.fallbacks)  # dict[str, int]

with onecross.meter() as meter:
    reveal_type(meter)  # Meter
    reveal_type(meter.crossings)  # int
    reveal_type(meter.bytes)  # int

reveal_type(onecross.__version__)  # str
reveal_type(onecross.EncodingError().code)  # str
