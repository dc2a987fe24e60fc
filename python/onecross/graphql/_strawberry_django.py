"""Fields and types of strawberry-django, recognised without importing it."""

import sys
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

from onecross.graphql._provenance import enclosed, is_written_in, tells_instances_by_class
from onecross.graphql._resolution import DecidedByClass, Stored
from onecross.graphql._strawberry_fields import is_noticed, unwrapped

__all__ = ["is_optimizer", "passed_by_optimizer", "stored", "told_by_class"]

_IS_TYPE_OF = "_process_type.<locals>.is_type_of"


def stored(field: GraphQLField) -> Stored | None:
    """The column behind a leaf of strawberry-django's, or `None` for any other field.

    What a model has loaded for a plain column stands in the instance. The field gives that as it
    is, after it has looked at what else it might be; only where it is not loaded, or where the
    object is no model, does the field do more.
    """
    module = sys.modules.get("strawberry_django.fields.field")
    wrapped = None if module is None else unwrapped(field)
    if module is None or wrapped is None:
        return None
    definition: Any = wrapped.definition
    made = type(definition)
    own = module.StrawberryDjangoField
    names = ("get_result", "base_resolver", "python_name", "__getattribute__")
    if (
        field.args
        or not is_leaf_type(get_named_type(field.type))
        or not isinstance(definition, own)
        or any(getattr(made, name) is not getattr(own, name) for name in names)
        or hasattr(made, "__getattr__")
        or not vars(definition).keys().isdisjoint(names)
        or not is_written_in(own.get_result, module, "StrawberryDjangoField.get_result")
        or definition.base_resolver is not None
        or definition.extensions
        or definition.arguments
        or definition.is_async
        or is_noticed(wrapped.converter.config.info_class)
    ):
        return None
    return Stored(
        name=definition.django_name or definition.python_name,
        descriptor=module.DeferredAttribute,
        naming=("field", "attname"),
        except_for=(module.BaseManager, module.models.QuerySet),
    )


def is_optimizer(extension: type) -> bool:
    """Whether all that an extension has to do with fields is what strawberry-django's does."""
    module = sys.modules.get("strawberry_django.optimizer")
    resolve = getattr(extension, "resolve", None)
    return module is not None and is_written_in(resolve, module, "DjangoOptimizerExtension.resolve")


def passed_by_optimizer(field: GraphQLField) -> bool:
    """Whether the optimizer never makes anything else of what a field gives.

    It looks for queries, which the field of a column makes values of; only a list may be one.
    """
    return is_leaf_type(get_nullable_type(field.type)) and stored(field) is not None


def told_by_class(type_: GraphQLObjectType) -> DecidedByClass | None:
    """When the `is_type_of` that strawberry-django made answers alike for all of a class.

    It asks `isinstance`, and the `is_type_of` of types that a type extends.
    """
    module = sys.modules.get("strawberry_django.type")
    class_: Any = getattr(type_.is_type_of, "__self__", None)
    if module is None or not isinstance(class_, type):
        return None
    for base in class_.__mro__:
        made = vars(base).get("is_type_of")
        if made is None:
            continue
        function: Any = getattr(made, "__func__", None)
        if type(made) is not classmethod or not is_written_in(function, module, _IS_TYPE_OF):
            return None
        asked = enclosed(function)
        if asked.keys() != {"cls", "model"}:
            return None
        if not all(map(tells_instances_by_class, asked.values())):
            return None
    return DecidedByClass((), ("__as_strawberry_type__",))
