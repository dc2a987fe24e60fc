"""How the value of a field is got, and what the class of a value decides, as Rust reads it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

__all__ = ["DecidedByClass", "Element", "InfoClass", "Lookup", "Method", "Resolution", "Stored"]


class Lookup(NamedTuple):
    """A key, an attribute or either, with what stands for a missing one; never called."""

    keys: bool
    attributes: bool
    name: str
    default: Any


class Element(NamedTuple):
    """An item of a tuple, an attribute of that item, or whether that attribute is not `None`.

    Where the object is no tuple, the resolver is asked.
    """

    place: int
    attribute: str | None
    is_set: bool


class Stored(NamedTuple):
    """An attribute that objects keep for themselves, if their class has a known descriptor for it.

    Where that is not so, or where an object has it not, the resolver is asked.

    Attributes:
        name: The attribute.
        descriptor: The class of what the object's class must have under that name.
        naming: Attributes, each of what the one before leads to from the descriptor: the last one
            must be the name.
        except_for: Classes of values that the resolver makes something else of.
    """

    name: str
    descriptor: type
    naming: Sequence[str]
    except_for: tuple[type, ...]


class InfoClass(NamedTuple):
    """A framework's class of `info` whose constructor does nothing but set attributes.

    Attributes:
        made_of: The class.
        raw_name: The attribute that is graphql-core's `info`.
        constants: The others, with their values.
    """

    made_of: type
    raw_name: str
    constants: Sequence[tuple[str, Any]]


class Method(NamedTuple):
    """A function of the user's, and how a framework's wrappers around it call it.

    Attributes:
        function: The function.
        object_first: Whether it takes the object by position.
        object_names: The names under which it takes the object.
        make_info: Makes the framework's `info` of graphql-core's, where that can be noticed.
        info_class: That class, where it is made by setting its attributes.
        info_name: The name under which it takes that.
        convert: Makes the function's arguments of graphql-core's and of `info`.
        premises: Attributes of objects with the values that they must still have.
    """

    function: Callable[..., Any]
    object_first: bool
    object_names: Sequence[str]
    make_info: Callable[[Any], Any] | None
    info_class: InfoClass | None
    info_name: str | None
    convert: Callable[[dict[str, Any], Any], dict[str, Any]] | None
    premises: Sequence[tuple[Any, str, Any]]


class Resolution(NamedTuple):
    """The ways to resolve a field; the first that is there is taken, the resolver stands by.

    Attributes:
        attribute: The name of an attribute that must be there.
        path: Names that are each looked up in what the one before leads to.
        lookup: A key or an attribute, with a default.
        element: An item of a tuple.
        stored: What an object keeps for itself.
        class_values: Classes, each with the value for objects that are exactly of that class.
        method: A function of the user's.
        resolver: graphql-core's way.
    """

    attribute: str | None = None
    path: Sequence[str] | None = None
    lookup: Lookup | None = None
    element: Element | None = None
    stored: Stored | None = None
    class_values: Sequence[tuple[type, Any]] | None = None
    method: Method | None = None
    resolver: Callable[..., Any] | None = None


class DecidedByClass(NamedTuple):
    """That a value's class decides what is asked about the value.

    Attributes:
        classes: The classes for whose instances that holds; none stands for all.
        attributes: What is looked at as well, so that no instance may have it of its own.
    """

    classes: Sequence[type]
    attributes: Sequence[str]
