"""A graphql-core schema, described for the extension: what each field and type is.

Everything is decided here, once per schema; execution only follows it.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, NamedTuple

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    GraphQLWrappingType,
    OperationType,
    TypeNameMetaFieldDef,
    default_field_resolver,
    get_named_type,
    specified_scalar_types,
)

from onecross.graphql import (
    _ariadne,
    _graphene,
    _introspection,
    _strawberry,
    _strawberry_django,
    _strawberry_fields,
    _strawberry_types,
)
from onecross.graphql._line import LEAF_METHOD, meta_fields
from onecross.graphql._resolution import DecidedByClass, Resolution

__all__ = ["SchemaDescription", "describe"]

# The built-in scalars by the identity of their code, which nobody's equality can pretend to have.
_BUILTIN_COERCIONS: dict[int, str] = {
    id(getattr(scalar, LEAF_METHOD)): name for name, scalar in specified_scalar_types.items()
}

# The code of an enum that somebody could put code of their own in the place of.
_INPUT_METHODS = ("parse_value", "parse_literal", "coerce_input_value", "coerce_input_literal")


class FieldDescription(NamedTuple):
    """A field of an object type, and how its value is got."""

    name: str
    output: str
    definition: GraphQLField
    output_type: Any
    has_arguments: bool
    arguments_are_stable: bool
    resolution: Resolution


class ObjectDescription(NamedTuple):
    """An object type."""

    name: str
    definition: GraphQLObjectType
    is_type_of: Callable[..., Any] | None
    decided_by_class: DecidedByClass | None
    fields: list[FieldDescription]


class LeafDescription(NamedTuple):
    """A scalar, with the name of the built-in one whose rules it has, or an enum's values."""

    name: str
    definition: GraphQLScalarType | GraphQLEnumType
    builtin: str | None
    members: list[tuple[Any, str]] | None


class AbstractDescription(NamedTuple):
    """An interface or a union."""

    name: str
    definition: GraphQLInterfaceType | GraphQLUnionType
    resolve_type: Callable[..., Any] | None
    decided_by_class: DecidedByClass | None
    possible: list[str]


class SchemaDescription(NamedTuple):
    """All output types of a schema."""

    leaves: list[LeafDescription]
    objects: list[ObjectDescription]
    abstract_types: list[AbstractDescription]
    roots: dict[str, str]


def describe(schema: GraphQLSchema) -> SchemaDescription:
    """Describe the output types of a schema.

    Args:
        schema: A valid schema.

    Returns:
        The description, in the form in which the extension reads it.
    """
    description = SchemaDescription([], [], [], {})
    for type_ in _output_types(schema):
        match type_:
            case GraphQLObjectType():
                description.objects.append(_object(schema, type_))
            case GraphQLInterfaceType() | GraphQLUnionType():
                description.abstract_types.append(_abstract(schema, type_))
            case GraphQLScalarType() | GraphQLEnumType():
                description.leaves.append(_leaf(type_))
    for kind in OperationType:
        root = schema.get_root_type(kind)
        if root is not None:
            description.roots[kind.value] = root.name
    return description


def _output_types(schema: GraphQLSchema) -> Iterator[Any]:
    """All named types; introspection can name one that no field of the type map leads to."""
    yield from schema.type_map.values()
    known = set(schema.type_map)
    for _, field in meta_fields(schema):
        type_ = get_named_type(field.type)
        if type_.name not in known:
            known.add(type_.name)
            yield type_


def _object(schema: GraphQLSchema, type_: GraphQLObjectType) -> ObjectDescription:
    # The name of the type is a field, too, where middleware wants a say in it.
    definitions = {**type_.fields, "__typename": TypeNameMetaFieldDef}
    if type_ is schema.query_type:
        definitions.update(meta_fields(schema))
    fields = [_field(schema, name, field) for name, field in definitions.items()]
    decided_by_class = (
        _strawberry_types.told_by_class(type_)
        or _strawberry_django.told_by_class(type_)
        or _graphene.told_by_class(type_)
    )
    return ObjectDescription(type_.name, type_, type_.is_type_of, decided_by_class, fields)


def _field(schema: GraphQLSchema, name: str, field: GraphQLField) -> FieldDescription:
    return FieldDescription(
        name=name,
        output=_written(field.type),
        definition=field,
        output_type=field.type,
        has_arguments=bool(field.args),
        arguments_are_stable=all(map(_is_stable, field.args.values())),
        resolution=_introspection.resolution(schema, field) or _resolution(name, field),
    )


def _resolution(name: str, field: GraphQLField) -> Resolution:
    is_default = field.resolve is default_field_resolver
    return Resolution(
        attribute=_strawberry_fields.attribute(field),
        path=[name] if is_default else _ariadne.path(field),
        lookup=_graphene.lookup(field),
        stored=_strawberry_django.stored(field),
        method=_strawberry_fields.method(field),
        resolver=field.resolve,
    )


def _written(type_: Any) -> str:
    """The type as the schema language writes it.

    `str` would say the same, but recurs for each wrapper; CPython 3.12 bears fewer than 400.
    """
    before, after = "", ""
    while isinstance(type_, GraphQLWrappingType):
        if isinstance(type_, GraphQLNonNull):
            after = f"!{after}"
        else:
            before, after = f"{before}[", f"]{after}"
        type_ = type_.of_type
    return f"{before}{type_.name}{after}"


def _is_stable(argument: GraphQLArgument) -> bool:
    """Whether coercing the same value again gives the same scalars and members of enums again."""
    type_ = get_named_type(argument.type)
    if isinstance(type_, GraphQLScalarType):
        return specified_scalar_types.get(type_.name) is type_
    if not isinstance(type_, GraphQLEnumType) or not _is_known(type_):
        return False
    replaced = [vars(type_)[name] for name in _INPUT_METHODS if name in vars(type_)]
    return all(_ariadne.is_parser(function, type_) for function in replaced)


def _abstract(
    schema: GraphQLSchema, type_: GraphQLInterfaceType | GraphQLUnionType
) -> AbstractDescription:
    possible = schema.get_possible_types(type_)
    decided_by_class = _strawberry_types.told_apart_by_class(
        type_, possible
    ) or _graphene.told_apart_by_class(type_, possible)
    names = [object_type.name for object_type in possible]
    return AbstractDescription(type_.name, type_, type_.resolve_type, decided_by_class, names)


def _leaf(type_: GraphQLScalarType | GraphQLEnumType) -> LeafDescription:
    if isinstance(type_, GraphQLScalarType):
        builtin = _BUILTIN_COERCIONS.get(id(getattr(type_, LEAF_METHOD)))
        return LeafDescription(type_.name, type_, builtin, None)
    return LeafDescription(type_.name, type_, None, _members(type_))


def _is_known(type_: GraphQLEnumType) -> bool:
    """Whether an enum is told by the values that it was made of."""
    return (
        type(type_) is GraphQLEnumType
        or _strawberry.enum_class(type_) is not None
        or _graphene.is_enum(type_)
    )


def _members(type_: GraphQLEnumType) -> list[tuple[Any, str]] | None:
    """The values of an enum that stand for a name whatever else happens; `None` if there are none.

    They are told by identity, or by value where they are texts or integers, so only values whose
    equality nobody can redefine are taken; the enum's own code decides on all others.
    """
    if LEAF_METHOD in vars(type_) or not _is_known(type_):
        # Someone put code of their own in its place.
        return None
    candidates = [value.value for value in type_.values.values()]
    # Strawberry compares the values of members, and takes plain values as graphql-core does.
    candidates = [*(_strawberry.enum_class(type_) or ()), *candidates]
    # A member that is a text or an integer is found by an equal one; Graphene takes all names.
    candidates += [value.value for value in candidates if isinstance(value, Enum)]
    candidates += type_.values
    members = []
    for value in candidates:
        if isinstance(value, Enum) or type(value) in (str, int):
            try:
                members.append((value, getattr(type_, LEAF_METHOD)(value)))
            except Exception:  # noqa: BLE001 - the enum will say so itself when it is asked
                continue
    return members
