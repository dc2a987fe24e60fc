"""graphql-core's own resolvers of introspection, recognised: none of them looks at its `info`.

The one that does looks at the schema alone. What somebody put in their place, or wrote around
them, is called as any resolver is.
"""

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

from graphql import (
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeKind,
)
from graphql.type import introspection

from onecross.graphql._line import default_value
from onecross.graphql._provenance import is_written_in
from onecross.graphql._resolution import Element, Lookup, Method, Resolution

__all__ = ["resolution"]

# Attributes, of the schema and of directives.
_ATTRIBUTES = {
    "SchemaFields.description": "description",
    "SchemaFields.query_type": "query_type",
    "SchemaFields.mutation_type": "mutation_type",
    "SchemaFields.subscription_type": "subscription_type",
    "DirectiveFields.name": "name",
    "DirectiveFields.description": "description",
    "DirectiveFields.is_repeatable": "is_repeatable",
    "DirectiveFields.locations": "locations",
    "DirectiveFields.deprecation_reason": "deprecation_reason",
}

# Attributes that some types have.
_LOOKUPS = {
    "TypeFields.name": "name",
    "TypeFields.description": "description",
    "TypeFields.specified_by_url": "specified_by_url",
    "TypeFields.of_type": "of_type",
}

# Fields, arguments, input fields and values of enums come with their names, as pairs.
_PAIRS = ("FieldFields", "InputValueFields", "EnumValueFields")
_ELEMENTS = {
    f"{pair}.{function}": element
    for pair in _PAIRS
    for function, element in {
        "name": Element(0, None, False),
        "description": Element(1, "description", False),
        "type": Element(1, "type", False),
        "is_deprecated": Element(1, "deprecation_reason", True),
        "deprecation_reason": Element(1, "deprecation_reason", False),
    }.items()
}

_KINDS = (
    (GraphQLScalarType, TypeKind.SCALAR),
    (GraphQLObjectType, TypeKind.OBJECT),
    (GraphQLInterfaceType, TypeKind.INTERFACE),
    (GraphQLUnionType, TypeKind.UNION),
    (GraphQLEnumType, TypeKind.ENUM),
    (GraphQLInputObjectType, TypeKind.INPUT_OBJECT),
    (GraphQLList, TypeKind.LIST),
    (GraphQLNonNull, TypeKind.NON_NULL),
)

_WITH_FIELDS = (GraphQLObjectType, GraphQLInterfaceType)
_ABSTRACT = (GraphQLInterfaceType, GraphQLUnionType)

# A name with its definition.
_Pair = tuple[str, Any]


def resolution(schema: GraphQLSchema, field: GraphQLField) -> Resolution | None:
    """How a field of introspection is got, or `None` for any other field.

    Args:
        schema: The schema that is asked about.
        field: The field.
    """
    resolver: Any = field.resolve
    if not isinstance(resolver, FunctionType):
        return None
    name = resolver.__code__.co_qualname
    if not is_written_in(resolver, introspection, name):
        return None
    if field.args:
        function = _SELECTIONS.get(name)
        if function is None or field.args.keys() != {"includeDeprecated"}:
            return None
        return Resolution(method=_method(function, _renamed), resolver=resolver)
    if name in _LOOKUPS:
        lookup = Lookup(keys=False, attributes=True, name=_LOOKUPS[name], default=None)
        return Resolution(lookup=lookup, resolver=resolver)
    if name == "TypeFields.kind":
        return Resolution(class_values=_KINDS, resolver=resolver)
    function = _possible_types(schema) if name == _POSSIBLE_TYPES else _FUNCTIONS.get(name)
    known = name in _ATTRIBUTES or name in _ELEMENTS or function is not None
    return (
        Resolution(
            attribute=_ATTRIBUTES.get(name),
            element=_ELEMENTS.get(name),
            method=None if function is None else _method(function, None),
            resolver=resolver,
        )
        if known
        else None
    )


def _method(
    function: Callable[..., Any],
    convert: Callable[[dict[str, Any], Any], dict[str, Any]] | None,
) -> Method:
    return Method(
        function=function,
        object_first=True,
        object_names=(),
        make_info=None,
        info_class=None,
        info_name=None,
        convert=convert,
        premises=(),
    )


def _renamed(arguments: dict[str, Any], _info: None) -> dict[str, Any]:
    return {"deprecated": arguments["includeDeprecated"]} if arguments else {}


def _selected(definitions: Mapping[str, Any], deprecated: bool | None) -> Sequence[_Pair]:
    """The definitions with their names, of the deprecated ones only if they are asked for."""
    if not definitions:
        return ()
    items = definitions.items()
    if deprecated:
        return [*items]
    return [item for item in items if item[1].deprecation_reason is None]


def _types(schema: GraphQLSchema) -> list[Any]:
    return [*schema.type_map.values()]


def _directives(
    schema: GraphQLSchema, deprecated: bool | None = False
) -> Sequence[GraphQLDirective]:
    directives = schema.directives
    if deprecated:
        return directives
    return [directive for directive in directives if directive.deprecation_reason is None]


def _directive_args(
    directive: GraphQLDirective, deprecated: bool | None = False
) -> Sequence[_Pair]:
    return _selected(directive.args, deprecated)


def _directive_is_deprecated(directive: Any) -> bool:
    return directive.deprecation_reason is not None


def _fields(type_: Any, deprecated: bool | None = False) -> Sequence[_Pair] | None:
    return _selected(type_.fields, deprecated) if isinstance(type_, _WITH_FIELDS) else None


def _interfaces(type_: Any) -> Sequence[GraphQLInterfaceType] | None:
    return type_.interfaces if isinstance(type_, _WITH_FIELDS) else None


def _possible_types(
    schema: GraphQLSchema,
) -> Callable[[Any], Sequence[GraphQLObjectType] | None]:
    def possible_types(type_: Any) -> Sequence[GraphQLObjectType] | None:
        return schema.get_possible_types(type_) if isinstance(type_, _ABSTRACT) else None

    return possible_types


def _enum_values(type_: Any, deprecated: bool | None = False) -> Sequence[_Pair] | None:
    return _selected(type_.values, deprecated) if isinstance(type_, GraphQLEnumType) else None


def _input_fields(type_: Any, deprecated: bool | None = False) -> Sequence[_Pair] | None:
    is_input = isinstance(type_, GraphQLInputObjectType)
    return _selected(type_.fields, deprecated) if is_input else None


def _is_one_of(type_: Any) -> bool | None:
    return type_.is_one_of if isinstance(type_, GraphQLInputObjectType) else None


def _args(item: _Pair, deprecated: bool | None = False) -> Sequence[_Pair]:
    return _selected(item[1].args, deprecated)


_POSSIBLE_TYPES = "TypeFields.possible_types"

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SchemaFields.types": _types,
    "DirectiveFields.is_deprecated": _directive_is_deprecated,
    "TypeFields.interfaces": _interfaces,
    "TypeFields.is_one_of": _is_one_of,
    "InputValueFields.default_value": default_value,
}

# Those that leave out what is deprecated, unless they are asked not to.
_SELECTIONS: dict[str, Callable[..., Any]] = {
    "SchemaFields.directives": _directives,
    "DirectiveFields.args": _directive_args,
    "TypeFields.fields": _fields,
    "TypeFields.enum_values": _enum_values,
    "TypeFields.input_fields": _input_fields,
    "FieldFields.args": _args,
}
