"""How instances of a class are made of rows, found once for a class and its columns."""

import dataclasses
import enum
import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, is_typeddict

from onecross.errors import ShapeError


class Way(enum.IntEnum):
    """What is done with the values of a row."""

    RECORD = 0  # They become the items of a named tuple.
    ATTRIBUTES = 1  # They become the attributes of an instance that `object.__new__` makes.
    KEYWORDS = 2  # The class is called with them by their names.
    MAPPING = 3  # A function is called with a dict of them.


class Recipe(NamedTuple):
    """How an instance is made: all that Rust needs to know."""

    way: int
    function: Callable[..., Any]
    names: tuple[str, ...]
    """The names of what is given: of all attributes, or else of the columns."""
    places: tuple[int, ...]
    """The column for each item of a named tuple or attribute; -1 for a default."""
    defaults: tuple[Any, ...]
    """What is given beside the columns."""


class _Field(NamedTuple):
    name: str
    required: bool
    default: Any = dataclasses.MISSING


class _Shape(NamedTuple):
    way: Way
    function: Callable[..., Any]
    fields: tuple[_Field, ...]
    takes_more: bool = False


def recipe(kind: type, columns: tuple[str, ...], rename: Mapping[str, str] | None) -> Recipe:
    """Find out how instances of a class are made of rows with these columns.

    Args:
        kind: The class.
        columns: The names of the columns.
        rename: The names that some columns have in the class.

    Raises:
        ShapeError: The columns are not those that the class asks for; the message names them.
    """
    if not isinstance(kind, type):
        raise ShapeError(f"rows become instances of a class, not {kind!r}")
    names = _renamed(columns, rename)
    shape = _shape(kind)
    known = {field.name for field in shape.fields}
    extra = [name for name in names if name not in known]
    given = set(names)
    missing = [it.name for it in shape.fields if it.required and it.name not in given]
    problems = []
    if len(given) < len(names):
        repeated = next(name for name in names if names.count(name) > 1)
        problems.append(f"two columns are named '{repeated}'")
    if missing:
        problems.append(f"there is no column for {_listed(missing)}")
    if extra and not shape.takes_more:
        problems.append(f"it has no place for {_listed(extra)}")
    if problems:
        raise ShapeError(
            f"rows with the columns {_listed(columns)} cannot become {kind.__qualname__}: "
            f"{', and '.join(problems)}; rename={{'column': 'name'}} gives columns other names"
        )
    left = [field for field in shape.fields if field.name not in given]
    return _of(shape, names, left)


def _of(shape: _Shape, names: tuple[str, ...], left: list[_Field]) -> Recipe:
    # A default that is made anew for each instance is for the class itself to make.
    is_called = any(field.default is dataclasses.MISSING for field in left)
    if shape.way in (Way.KEYWORDS, Way.MAPPING) or is_called:
        way = Way.MAPPING if shape.way is Way.MAPPING else Way.KEYWORDS
        return Recipe(way, shape.function, names, (), ())
    order = {name: place for place, name in enumerate(names)}
    places = tuple(order.get(field.name, -1) for field in shape.fields)
    defaults = tuple(field.default for field in left)
    return Recipe(
        shape.way, shape.function, tuple(it.name for it in shape.fields), places, defaults
    )


def _renamed(columns: tuple[str, ...], rename: Mapping[str, str] | None) -> tuple[str, ...]:
    if rename is None:
        return columns
    if not isinstance(rename, Mapping):
        raise TypeError(f"rename must be a mapping of names, not {type(rename).__qualname__}")
    rename = {_name(column): _name(name) for column, name in rename.items()}
    unknown = [name for name in rename if name not in columns]
    if unknown:
        raise ShapeError(f"rename names {_listed(unknown)}, and the columns are {_listed(columns)}")
    return tuple(rename.get(name, name) for name in columns)


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"rename must be a mapping of names, and {name!r} is no str")
    return str.__str__(name)  # What else a subclass of str may have is not asked.


def _listed(names: Any) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _shape(kind: Any) -> _Shape:
    call = inspect.getattr_static(type(kind), "__call__")
    if call is vars(enum.EnumType)["__call__"]:
        # Its signature is another in each version of Python; all find a member by its value.
        return _Shape(Way.KEYWORDS, kind, (_Field("value", True),))
    is_called = call is not vars(type)["__call__"]
    if kind is dict:
        return _Shape(Way.MAPPING, kind, (), takes_more=True)
    is_plain = not is_called and kind.__new__ is object.__new__ and not inspect.isabstract(kind)
    if issubclass(kind, tuple) and _is_named_tuple(kind):
        return _of_named_tuple(kind, is_called)
    if is_typeddict(kind):
        required = kind.__required_keys__
        fields = tuple(_Field(name, name in required) for name in kind.__annotations__)
        return _Shape(Way.KEYWORDS, kind, fields)
    if hasattr(kind, "__struct_fields__"):
        return _of_struct(kind)
    if hasattr(kind, "__pydantic_validator__") and hasattr(kind, "model_fields"):
        return _of_pydantic(kind, is_called)
    if dataclasses.is_dataclass(kind):
        return (_of_dataclass(kind) if is_plain else None) or _of_signature(kind)
    if "__attrs_attrs__" in kind.__dict__:
        return (_of_attrs(kind) if is_plain else None) or _of_signature(kind)
    return _of_signature(kind)


def _is_named_tuple(kind: Any) -> bool:
    """Whether `__new__` is that of a named tuple, which makes the tuple and no more."""
    code = getattr(kind.__new__, "__code__", None)
    module = getattr(kind.__new__, "__globals__", {}).get("__name__", "")
    is_generated = code is not None and code.co_names == ("_tuple_new",)
    return is_generated and module.startswith("namedtuple_")


def _of_named_tuple(kind: Any, is_called: bool) -> _Shape:
    names, defaults = kind.__new__.__code__.co_varnames[1:], kind._field_defaults
    fields = tuple(_Field(name, name not in defaults, defaults.get(name)) for name in names)
    is_plain = not is_called and kind.__init__ is object.__init__
    return _Shape(Way.RECORD if is_plain else Way.KEYWORDS, kind, fields)


def _of_struct(kind: Any) -> _Shape:
    from msgspec.structs import fields

    made = (_Field(field.name, field.required) for field in fields(kind))
    return _Shape(Way.KEYWORDS, kind, tuple(made))


def _of_pydantic(kind: Any, is_called: bool) -> _Shape:
    config = kind.model_config
    takes_names = config.get("populate_by_name") or config.get("validate_by_name")
    fields = []
    for name, field in kind.model_fields.items():
        alias = field.validation_alias or field.alias
        choices = [] if alias is None else getattr(alias, "choices", [alias])
        # A path begins with a name.
        names = [it if isinstance(it, str) else it.path[0] for it in choices]
        if alias is None or takes_names:
            names.append(name)
        # Whether one of several names is given is for the class itself to judge.
        is_required = field.is_required() and len(names) == 1
        fields += [_Field(name, is_required) for name in names]
    takes_more = config.get("extra") == "allow"
    if is_called or kind.__pydantic_custom_init__ or kind.__pydantic_root_model__:
        return _Shape(Way.KEYWORDS, kind, tuple(fields), takes_more)
    validate = kind.__pydantic_validator__.validate_python
    return _Shape(Way.MAPPING, validate, tuple(fields), takes_more)


def _of_dataclass(kind: Any) -> _Shape | None:
    """Return the shape of a dataclass whose `__init__` does no more than set attributes."""
    fields = dataclasses.fields(kind)
    if not all(field.init for field in fields) or hasattr(kind, "__post_init__"):
        return None
    names = [field.name for field in fields]
    if not _is_generated(kind, names) or not _sets_plainly(kind, names):
        return None
    made = (_Field(it.name, _is_required(it), it.default) for it in fields)
    return _Shape(Way.ATTRIBUTES, kind, tuple(made))


def _is_required(field: Any) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _of_attrs(kind: Any) -> _Shape | None:
    """Return the shape of a class of attrs whose `__init__` does no more than set attributes."""
    fields = kind.__attrs_attrs__
    hooks = ("__attrs_pre_init__", "__attrs_post_init__")
    if any(hasattr(kind, hook) for hook in hooks) or issubclass(kind, BaseException):
        return None
    if any(it.converter or it.validator or not it.init or it.alias != it.name for it in fields):
        return None
    names = [field.name for field in fields]
    code = getattr(kind.__init__, "__code__", None)
    if code is None or "_attrs_cached_hash" in (*code.co_names, *code.co_consts):
        return None
    if not _is_generated(kind, names) or not _sets_plainly(kind, names):
        return None
    nothing = _nothing()
    made = []
    for field in fields:
        has_factory = hasattr(field.default, "factory")
        is_required = field.default is nothing
        default = dataclasses.MISSING if is_required or has_factory else field.default
        made.append(_Field(field.name, is_required, default))
    return _Shape(Way.ATTRIBUTES, kind, tuple(made))


def _nothing() -> Any:
    import attr

    return attr.NOTHING


def _is_generated(kind: Any, names: list[str]) -> bool:
    """Whether `__init__` was generated: by the place of its code, and by what it takes."""
    code = getattr(kind.__init__, "__code__", None)
    if code is None:
        return False
    # Code without a file is also that of `python -c` and of whoever calls exec().
    is_of_dataclass = code.co_qualname == "__create_fn__.<locals>.__init__"
    if not is_of_dataclass and not code.co_filename.startswith("<attrs generated"):
        return False
    count = 1 + len(names)
    taken = code.co_varnames[:count]
    return code.co_argcount + code.co_kwonlyargcount == count and set(taken[1:]) == set(names)


def _sets_plainly(kind: Any, names: list[str]) -> bool:
    """Whether attributes are set without Python code: in slots, or where instances keep them."""
    frozen = getattr(kind, "__dataclass_params__", None)
    is_frozen = bool(frozen and frozen.frozen) or _is_frozen_attrs(kind)
    if kind.__setattr__ is not object.__setattr__ and not is_frozen:
        return False
    for name in names:
        found = inspect.getattr_static(kind, name, None)
        if isinstance(found, types.MemberDescriptorType):
            continue
        if hasattr(type(found), "__set__") or hasattr(type(found), "__delete__"):
            return False
    return True


def _is_frozen_attrs(kind: Any) -> bool:
    return getattr(kind.__setattr__, "__name__", "") == "_frozen_setattrs"


def _of_signature(kind: Any) -> _Shape:
    try:
        parameters = inspect.signature(kind).parameters.values()
    except (TypeError, ValueError) as error:
        raise ShapeError(
            f"{kind.__qualname__} does not tell what it is called with: {error}"
        ) from error
    fields = []
    takes_more = False
    for parameter in parameters:
        if parameter.kind is parameter.VAR_KEYWORD:
            takes_more = True
        elif parameter.kind is parameter.POSITIONAL_ONLY and parameter.default is parameter.empty:
            raise ShapeError(
                f"{kind.__qualname__} takes '{parameter.name}' by its place only, and columns "
                f"are given by their names"
            )
        elif parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            fields.append(_Field(parameter.name, parameter.default is parameter.empty))
    return _Shape(Way.KEYWORDS, kind, tuple(fields), takes_more)
