"""Object types, interfaces and unions of Strawberry, where a value's class tells its type."""

import sys
from collections.abc import Iterable
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType

from onecross.graphql._provenance import enclosed, is_written_in, tells_instances_by_class
from onecross.graphql._resolution import DecidedByClass

__all__ = ["told_apart_by_class", "told_by_class"]

_CONVERTER = "strawberry.schema.schema_converter"
_IS_TYPE_OF = "GraphQLCoreConverter.from_object.<locals>._get_is_type_of.<locals>.is_type_of"
_OF_INTERFACE = (
    "GraphQLCoreConverter.from_interface.<locals>._get_resolve_type.<locals>.resolve_type"
)
_OF_UNION = "StrawberryUnion.get_type_resolver.<locals>._resolve_union_type"

# What `strawberry.cast` leaves in an instance, and what `strawberry.type` leaves in a class.
_ATTRIBUTES = ("__as_strawberry_type__", "__strawberry_definition__")


def told_by_class(type_: GraphQLObjectType) -> DecidedByClass | None:
    """When the `is_type_of` that Strawberry made for a type answers alike for all of a class."""
    module = sys.modules.get(_CONVERTER)
    function: Any = type_.is_type_of
    if module is None or not is_written_in(function, module, _IS_TYPE_OF):
        return None
    variables = enclosed(function)
    if variables.keys() != {"object_type", "possible_cast_types", "possible_types"}:
        return None
    if not all(map(tells_instances_by_class, variables["possible_types"])):
        return None
    return DecidedByClass((), _ATTRIBUTES)


def told_apart_by_class(
    type_: GraphQLInterfaceType | GraphQLUnionType, possible: Iterable[GraphQLObjectType]
) -> DecidedByClass | None:
    """When the `resolve_type` that Strawberry made for a type answers alike for all of a class.

    It does for classes that are types themselves. A generic one stands for several, told apart
    by the values of its fields; and any class may be left to an `is_type_of` of the user's.
    """
    module = sys.modules.get(_CONVERTER)
    if module is None:
        return None
    function: Any = type_.resolve_type
    if is_written_in(function, module, _OF_INTERFACE):
        variables = enclosed(function)
        if variables.keys() != {"interface", "self"}:
            return None
        interface = variables["interface"].origin
        classes = [class_ for class_ in _plain_classes(possible) if issubclass(class_, interface)]
        tells = tells_instances_by_class(interface)
    else:
        union = sys.modules["strawberry.types.union"]
        if not is_written_in(function, union, _OF_UNION) or enclosed(function).keys() != {
            "type_map"
        }:
            return None
        classes, tells = _plain_classes(possible), True
    return DecidedByClass(classes, _ATTRIBUTES) if classes and tells else None


def _plain_classes(types: Iterable[GraphQLObjectType]) -> list[type]:
    """The classes that have one of those types for their own, as no generic class has."""
    definition_class = sys.modules["strawberry.types.base"].StrawberryObjectDefinition
    classes = []
    for type_ in types:
        definition: Any = (type_.extensions or {}).get("strawberry-definition")
        if type(definition) is definition_class:
            class_ = definition.origin
            if getattr(class_, "__strawberry_definition__", None) is definition:
                classes.append(class_)
    return classes
