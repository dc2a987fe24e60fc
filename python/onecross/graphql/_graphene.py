"""What Graphene puts into a graphql-core schema, recognised without importing Graphene."""

import sys
from collections.abc import Iterable
from functools import partial
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
)

from onecross.graphql._provenance import is_written_in, tells_instances_by_class
from onecross.graphql._resolution import DecidedByClass, Lookup

__all__ = ["is_enum", "lookup", "told_apart_by_class", "told_by_class"]

# Graphene's default resolvers: whether they look at keys, and whether at attributes.
_RESOLVERS = {
    "dict_or_attr_resolver": (True, True),
    "dict_resolver": (True, False),
    "attr_resolver": (False, True),
}


def lookup(field: GraphQLField) -> Lookup | None:
    """What a default resolver of Graphene looks up, or `None` for any other field."""
    module = sys.modules.get("graphene.types.resolver")
    resolver: Any = field.resolve
    if module is None or type(resolver) is not partial or resolver.keywords:
        return None
    own = {name: getattr(module, name, None) for name in _RESOLVERS}
    if not all(is_written_in(function, module, name) for name, function in own.items()):
        return None
    match resolver.args:
        case (str(attribute), default):
            for name, (keys, attributes) in _RESOLVERS.items():
                if resolver.func is own[name]:
                    return Lookup(keys, attributes, attribute, default)
    return None


def is_enum(type_: GraphQLEnumType) -> bool:
    """Whether an enum is Graphene's, which takes members, their values and their names."""
    module = sys.modules.get("graphene.types.definitions")
    return (
        module is not None
        and type(type_) is module.GrapheneEnumType
        and is_written_in(type(type_).serialize, module, "GrapheneEnumType.serialize")
    )


def told_by_class(type_: GraphQLObjectType) -> DecidedByClass | None:
    """When an `is_type_of` of Graphene's or of graphene-django's answers alike for all of a class.

    The one made of `Meta.possible_types` asks `isinstance`. That of a `DjangoObjectType` accepts
    instances of the type itself and of its model, which it finds in `_meta` of the value's class.
    """
    is_type_of: Any = type_.is_type_of
    schema = sys.modules.get("graphene.types.schema")
    django = sys.modules.get("graphene_django.types")
    if schema is not None and type(is_type_of) is partial:
        name = "is_type_of_from_possible_types"
        if (
            is_written_in(is_type_of.func, schema, name)
            and len(is_type_of.args) == 1
            and not is_type_of.keywords
            and all(map(tells_instances_by_class, _flattened(is_type_of.args[0])))
        ):
            return DecidedByClass((), ())
    elif django is not None:
        function = getattr(is_type_of, "__func__", None)
        class_ = getattr(is_type_of, "__self__", None)
        name = "DjangoObjectType.is_type_of"
        if is_written_in(function, django, name) and isinstance(class_, type):
            return DecidedByClass((), ("_meta",)) if tells_instances_by_class(class_) else None
    return None


def told_apart_by_class(
    type_: GraphQLInterfaceType | GraphQLUnionType, possible: Iterable[GraphQLObjectType]
) -> DecidedByClass | None:
    """When the `resolve_type` of an interface or union answers alike for all of a class.

    Unless the user wrote one, it does for Graphene's own object types, by their class.
    """
    schema = sys.modules.get("graphene.types.schema")
    resolve_type: Any = type_.resolve_type
    if schema is None or type(resolve_type) is not partial or resolve_type.keywords:
        return None
    match resolve_type.args:
        case (tells_class, str()):
            wrapper = getattr(resolve_type.func, "__func__", None)
        case _:
            return None
    function = getattr(tells_class, "__func__", None)
    is_own = is_written_in(wrapper, schema, "TypeMap.resolve_type") and any(
        is_written_in(
            function, sys.modules[f"graphene.types.{name.lower()}"], f"{name}.resolve_type"
        )
        for name in ("Interface", "Union")
    )
    object_class = sys.modules["graphene.types.objecttype"].ObjectType
    classes = [
        class_
        for class_ in (getattr(object_type, "graphene_type", None) for object_type in possible)
        if isinstance(class_, type) and issubclass(class_, object_class)
    ]
    is_told = is_own and classes and tells_instances_by_class(object_class)
    return DecidedByClass(classes, ()) if is_told else None


def _flattened(classes: Any) -> list[type]:
    """The classes that `isinstance` takes as one, or as a tuple of them."""
    if isinstance(classes, tuple):
        return [class_ for part in classes for class_ in _flattened(part)]
    return [classes]
