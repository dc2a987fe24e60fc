"""Fields of Strawberry: attributes, and functions of the user's within Strawberry's wrappers."""

import sys
from collections.abc import Callable
from dataclasses import make_dataclass
from inspect import iscoroutinefunction
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from graphql import GraphQLField, GraphQLInputObjectType, get_named_type

from onecross.graphql._provenance import enclosed, is_written_in
from onecross.graphql._resolution import InfoClass, Method

if TYPE_CHECKING:
    from strawberry.schema.schema_converter import GraphQLCoreConverter
    from strawberry.types.field import StrawberryField

__all__ = ["attribute", "is_noticed", "method", "unwrapped"]

_CONVERTER = "strawberry.schema.schema_converter"
_MAKER = "GraphQLCoreConverter.from_resolver.<locals>"

# What Strawberry's wrappers have for parameters, so that no argument can pass by that name.
_TAKEN_NAMES = {"_source", "info", "self"}

# What of an `info` class would let somebody notice that one was made.
_NOTICEABLE = (
    *("__new__", "__init__", "__post_init__", "__setattr__", "__del__"),
    *("_raw_info", "_field"),
)

# A class whose constructor sets what that of `Info` does, and does nothing else.
_SETS_TWO: Any = make_dataclass("_SETS_TWO", ["_raw_info", "_field"])


class Wrapped(NamedTuple):
    """What Strawberry's wrappers have wrapped."""

    definition: "StrawberryField"
    converter: "GraphQLCoreConverter"
    make_info: Callable[[Any], Any]
    is_awaited: bool


def attribute(field: GraphQLField) -> str | None:
    """The attribute that a basic field of Strawberry is, or `None` for any other field.

    A basic field has neither resolver nor extension, so that its resolver only calls
    `getattr(source, python_name)`, by way of two functions that a subclass could replace.
    """
    module = sys.modules.get(_CONVERTER)
    resolver: Any = field.resolve
    if module is None or not is_written_in(resolver, module, f"{_MAKER}._get_basic_result"):
        return None
    definition = enclosed(resolver).get("field")
    if (
        definition is not (field.extensions or {}).get("strawberry-definition")
        or not _is_as_strawberry_made_it(definition)
        or definition.base_resolver is not None
        or definition.default_resolver is not getattr
    ):
        return None
    name: str = definition.python_name
    return name


def method(field: GraphQLField) -> Method | None:
    """The user's function behind a field of Strawberry, if its wrappers add nothing to it.

    They do where there are extensions, permissions or exception handlers, or where somebody put
    code of their own in the place of Strawberry's.
    """
    module = sys.modules.get(_CONVERTER)
    wrapped = None if module is None else _unwrapped(field.resolve, module)
    if module is None or wrapped is None or not _is_as_strawberry_made_it(wrapped.definition):
        return None
    definition, converter, make_info, _ = wrapped
    base: Any = definition.base_resolver
    resolver_class = sys.modules["strawberry.types.fields.resolver"].StrawberryResolver
    if type(base) is not resolver_class or definition.extensions or not callable(base.wrapped_func):
        return None
    if wrapped.is_awaited and not iscoroutinefunction(base.wrapped_func):
        return None
    passed = [base.parent_parameter, base.root_parameter]
    object_names = list(dict.fromkeys(found.name for found in passed if found is not None))
    info_name = None if base.info_parameter is None else base.info_parameter.name
    argument_names = [argument.python_name for argument in definition.arguments]
    names = [*argument_names, *object_names]
    if (
        not _TAKEN_NAMES.isdisjoint([*names, *field.args])
        or info_name in (*names, *(_TAKEN_NAMES - {"info"}))
        or len(set(names)) < len(names)
    ):
        return None
    has_inputs = any(
        isinstance(get_named_type(argument.type), GraphQLInputObjectType)
        for argument in field.args.values()
    )
    info_class = converter.config.info_class
    needs_info = has_inputs or info_name is not None or is_noticed(info_class)
    own = sys.modules["strawberry.types.info"].Info
    return Method(
        function=base.wrapped_func,
        object_first=base.self_parameter is not None,
        object_names=object_names,
        make_info=make_info if needs_info else None,
        info_class=_info_class(info_class, definition) if needs_info else None,
        info_name=info_name,
        convert=_conversion(wrapped, module) if field.args or argument_names else None,
        premises=[
            (definition, "_base_resolver", base),
            (definition, "extensions", definition.extensions),
            (type(definition), "get_result", type(definition).get_result),
            (base, "wrapped_func", base.wrapped_func),
            (resolver_class, "__call__", resolver_class.__call__),
            (module, "get_arguments", module.get_arguments),
            (converter.config, "info_class", info_class),
            (own, "__init__", own.__init__),
        ],
    )


def unwrapped(field: GraphQLField) -> Wrapped | None:
    """What Strawberry's wrappers around a field have wrapped, if they add nothing to it."""
    module = sys.modules.get(_CONVERTER)
    return None if module is None else _unwrapped(field.resolve, module)


def _unwrapped(resolver: Any, module: ModuleType) -> Wrapped | None:
    """What `GraphQLCoreConverter.from_resolver` wrapped, if nothing else is between."""
    is_awaited = is_written_in(resolver, module, f"{_MAKER}._async_resolver")
    if not is_awaited and not is_written_in(resolver, module, f"{_MAKER}._resolver"):
        return None
    around = enclosed(resolver)
    with_extensions: Any = around.get("_get_result_with_extensions")
    make_info: Any = around.get("_strawberry_info_from_graphql")
    name = f"{_MAKER}.wrap_field_extensions.<locals>.extension_resolver"
    if (
        around.keys() != _AROUND
        or around["field_exception_handlers"]
        or not is_written_in(with_extensions, module, name)
        or not is_written_in(make_info, module, f"{_MAKER}._strawberry_info_from_graphql")
    ):
        return None
    within = enclosed(with_extensions)
    get_result: Any = within.get("_get_result")
    if (
        within.keys() != _WITHIN
        or within["extension_functions"]
        or not is_written_in(get_result, module, f"{_MAKER}._get_result")
        or not is_written_in(module.get_arguments, module, "get_arguments")
        or enclosed(get_result) != {"field": within["field"]}
    ):
        return None
    return Wrapped(within["field"], within["self"], make_info, is_awaited)


# The variables that the wrappers use; were there others, they would do what we do not know of.
_AROUND = {
    "_call_with_exception_handling",
    "_get_result_with_extensions",
    "_strawberry_info_from_graphql",
    "field_exception_handlers",
}
_WITHIN = {"_get_result", "extension_functions", "field", "self"}


def _is_as_strawberry_made_it(definition: Any) -> "TypeGuard[StrawberryField]":
    """Whether a field gets its result as Strawberry's own class of fields does."""
    module = sys.modules["strawberry.types.field"]
    resolvers = sys.modules["strawberry.types.fields.resolver"]
    own, made = module.StrawberryField, type(definition)
    names = ("get_result", "base_resolver", "arguments", "python_name", "__getattribute__")
    return (
        isinstance(definition, own)
        and all(getattr(made, name) is getattr(own, name) for name in names)
        and not hasattr(made, "__getattr__")
        and vars(definition).keys().isdisjoint(names)
        and is_written_in(own.get_result, module, "StrawberryField.get_result")
        and is_written_in(
            resolvers.StrawberryResolver.__call__, resolvers, "StrawberryResolver.__call__"
        )
    )


def is_noticed(info_class: type) -> bool:
    """Whether it could be noticed that an `info` was made, or not made."""
    own = sys.modules["strawberry.types.info"].Info
    return type(info_class) is not type(own) or any(
        getattr(info_class, name, None) is not getattr(own, name, None) for name in _NOTICEABLE
    )


def _info_class(info_class: type, definition: "StrawberryField") -> InfoClass | None:
    """The class of `info`, if all that making one does is to set its attributes."""
    own = sys.modules["strawberry.types.info"].Info
    is_plain = own.__new__ is object.__new__ and _does_as(own.__init__, _SETS_TWO.__init__)
    if is_noticed(info_class) or not is_plain:
        return None
    return InfoClass(info_class, "_raw_info", [("_field", definition)])


def _does_as(function: Any, other: FunctionType) -> bool:
    """Whether a function does, by its code, what another one does."""
    if not isinstance(function, FunctionType):
        return False
    code, known = function.__code__, other.__code__
    parts = ("co_code", "co_consts", "co_names", "co_varnames", "co_argcount", "co_kwonlyargcount")
    return all(getattr(code, part) == getattr(known, part) for part in parts)


def _conversion(wrapped: Wrapped, module: ModuleType) -> Callable[..., dict[str, Any]]:
    definition, converter, *_ = wrapped

    def convert(values: dict[str, Any], info: Any) -> dict[str, Any]:
        converted: dict[str, Any] = module.convert_arguments(
            values,
            definition.arguments,
            scalar_registry=converter.scalar_registry,
            config=converter.config,
            info=info,
        )
        return converted

    return convert
