"""Resolvers of every kind, which note what they are told, so that this can be compared too."""

from collections.abc import Callable
from random import Random
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, default_field_resolver

from generator.lines import variables_shown
from generator.recipe import Recipe

__all__ = ["Called", "Journal", "is_type_of", "resolve_type", "resolver"]


class Journal:
    """The context of an execution: what its resolvers were told, in their order."""

    def __init__(self) -> None:
        self.entries: list[Any] = []

    def note(self, info: GraphQLResolveInfo, **told: Any) -> None:
        self.entries.append(
            {
                "field": f"{info.parent_type}.{info.field_name}: {info.return_type}",
                "path": info.path.as_list(),
                "parts of the path": [part_of(info.path), part_of(info.path.prev)],
                "nodes": len(info.field_nodes),
                "operation": info.operation.name and info.operation.name.value,
                "fragments": list(info.fragments),
                "variables": variables_shown(info.variable_values),
                **told,
            }
        )


def part_of(path: Any) -> Any:
    return path and (path.key, path.typename)


class Called:
    """A value that is called, as the methods of objects are."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def __call__(self, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        info.context.note(info, arguments=arguments)
        return self.recipe.read()


def as_by_default(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Does as the default resolver does."""
    info.context.note(info, arguments=arguments, source=type(source).__name__)
    return default_field_resolver(source, info, **arguments)


def told_no_arguments(source: Any, info: GraphQLResolveInfo) -> Any:
    """Does so too, but takes no arguments, which is an error where there are some."""
    return as_by_default(source, info)


def refusing(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Refuses some arguments, and items of lists that are not the first."""
    if arguments.get("a") is None and arguments:
        message = f"refused {info.path.as_list()}"
        raise GraphQLError(message, extensions={"arguments": sorted(arguments)})
    return as_by_default(source, info, **arguments)


def resolver(random: Random, is_reported: bool) -> Callable[..., Any] | None:
    """A resolver of a field, or none."""
    choices = [None, None, None, as_by_default, as_by_default, refusing]
    return random.choice(choices if is_reported else [*choices, *choices, told_no_arguments])


def type_name(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("__typename")
    return getattr(value, f"_{type(value).__name__}__typename", None)


def by_name(value: Any, info: GraphQLResolveInfo, type_: Any) -> Any:
    info.context.note(info, abstract=type_.name)
    return type_name(value)


def always_leaf(value: Any, info: GraphQLResolveInfo, type_: Any) -> Any:
    return "Leaf"


def unable(value: Any, info: GraphQLResolveInfo, type_: Any) -> Any:
    """Raises for some, and names for others what no object type is."""
    match type_name(value):
        case "Leaf":
            return "Leaf"
        case "Tree":
            message = "no type for trees"
            raise LookupError(message)
        case "Twig":
            return info.schema.type_map["Twig"]
        case name:
            return {"Query": "Plant", "Mutation": "Nowhere"}.get(name, 7)


def resolve_type(random: Random) -> Callable[..., Any] | None:
    """What finds the type of an object of an interface or union, or nothing."""
    return random.choice([None, None, by_name, by_name, by_name, always_leaf, unable])


def is_type_of(random: Random, name: str) -> Callable[..., Any] | None:
    """What tells whether an object is of a type, or nothing."""

    def of_that_name(value: Any, info: GraphQLResolveInfo) -> Any:
        info.context.note(info, asked=name)
        return type_name(value) == name

    def truth(value: Any, info: GraphQLResolveInfo) -> Any:
        # Whatever can be taken for true or false.
        return [name] if type_name(value) == name else ""

    def unable_for_dicts(value: Any, info: GraphQLResolveInfo) -> Any:
        if type(value) is dict:
            message = f"dicts are no {name}"
            raise TypeError(message)
        return True

    none = [None] * 8
    return random.choice([*none, of_that_name, of_that_name, truth, unable_for_dicts])
