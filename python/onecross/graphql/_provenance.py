"""Where a function was written: this tells a framework's own from one put in its place."""

from abc import ABCMeta
from types import FunctionType, ModuleType
from typing import Any

__all__ = ["enclosed", "is_written_in", "tells_instances_by_class"]


def is_written_in(function: Any, module: ModuleType, name: str) -> bool:
    """Whether a function is the one of that qualified name in the source of the module.

    Decorators copy the name of what they wrap, but not where its code was written.
    """
    if not isinstance(function, FunctionType):
        return False
    code = function.__code__
    return code.co_qualname == name and code.co_filename == module.__file__


def enclosed(function: FunctionType) -> dict[str, Any]:
    """The variables of the functions around it that a function uses, by name."""
    try:
        values = [cell.cell_contents for cell in function.__closure__ or ()]
    except ValueError:
        return {}
    return dict(zip(function.__code__.co_freevars, values, strict=True))


def tells_instances_by_class(class_: type) -> bool:
    """Whether `isinstance`, once it has said yes to a value, says so to all of the value's class.

    It does unless the metaclass has a mind of its own; nobody can be unregistered from an
    abstract class.
    """
    check = type(class_).__instancecheck__
    if check is ABCMeta.__instancecheck__:
        return getattr(class_.__subclasshook__, "__func__", None) is None
    return check is type.__instancecheck__
