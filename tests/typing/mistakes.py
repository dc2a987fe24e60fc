"""What a type checker must refuse: each line has its error, or mypy says so."""

from graphql import build_schema

from onecross.graphql import Engine, JsonResult

engine = Engine(build_schema("type Query { greeting: String }"))

Engine("type Query { greeting: String }")  # type: ignore[arg-type]
Engine(build_schema("type Query { greeting: String }"), rules=())  # type: ignore[call-arg]
engine.execute_json_sync(b"{ greeting }")  # type: ignore[arg-type]
engine.execute_json_sync("{ greeting }", variable_values=[])  # type: ignore[arg-type]
engine.execute_json_sync("{ greeting }").errors = None  # type: ignore[misc]


class Own(JsonResult):  # type: ignore[misc]
    """The class of results is final."""
