"""Template strings as statements: what stands in braces is bound, never read as SQL.

Reference: PEP 750, whose `Template` has `strings`, one more than `interpolations`, each with
`value`, `expression`, `conversion` and `format_spec`.
"""

from collections.abc import Callable
from typing import Any

from onecross.sql.errors import ProgrammingError

_CONVERSIONS: dict[str, Callable[[object], str]] = {"s": str, "r": repr, "a": ascii}


def take_apart(template: Any) -> tuple[str, tuple[object, ...]]:
    """Make a text with placeholders, and their values, of a template string.

    `{value}` is a parameter, `{name:identifier}` the name of a table or a column, quoted, and a
    template within a template a part of the statement.

    Raises:
        ProgrammingError: There is a format that means nothing here.
        TypeError: The name of a table or a column is no str.
    """
    texts: list[str] = []
    values: list[object] = []
    _add(template, texts, values)
    return "".join(texts), tuple(values)


def _is_template(candidate: Any) -> bool:
    return isinstance(getattr(candidate, "strings", None), tuple) and isinstance(
        getattr(candidate, "interpolations", None), tuple
    )


def _add(template: Any, texts: list[str], values: list[object]) -> None:
    texts.append(template.strings[0])
    for interpolation, text in zip(template.interpolations, template.strings[1:], strict=True):
        _add_value(interpolation, texts, values)
        texts.append(text)


def _add_value(interpolation: Any, texts: list[str], values: list[object]) -> None:
    value = interpolation.value
    if interpolation.conversion is not None:
        value = _CONVERSIONS[interpolation.conversion](value)
    if interpolation.format_spec == "identifier":
        texts.append(_quoted(value, interpolation.expression))
    elif interpolation.format_spec:
        raise ProgrammingError(
            f"{{{interpolation.expression}:{interpolation.format_spec}}} means nothing in a "
            f"statement: there are {{{interpolation.expression}}}, a parameter, and "
            f"{{{interpolation.expression}:identifier}}, a name"
        )
    elif _is_template(value):
        _add(value, texts, values)
    else:
        texts.append("?")
        values.append(value)


def _quoted(name: object, expression: str) -> str:
    if not isinstance(name, str):
        raise TypeError(f"{{{expression}:identifier}} must be a str, not {type(name).__name__}")
    return '"' + name.replace('"', '""') + '"'
