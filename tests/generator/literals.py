"""Values as a document writes them, with variables wherever they may stand."""

import json
from random import Random
from typing import Any, NamedTuple

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
)

from generator.inputs import chosen_fields, external

__all__ = ["Literals", "Variable"]

WRONG = [
    "null",
    '"wrong"',
    "1.5",
    "99999999999",
    "true",
    "[]",
    "{}",
    "{ unknown: 1 }",
    "WRONG",
    '"raise"',
]
# How often something is written wrongly.
WRONGLY = 0.003


class Variable(NamedTuple):
    """A variable as an operation declares it."""

    name: str
    type: Any
    default: str | None

    @property
    def declaration(self) -> str:
        return f"${self.name}: {self.type}" + (f" = {self.default}" if self.default else "")

    @property
    def is_required(self) -> bool:
        return isinstance(self.type, GraphQLNonNull) and self.default is None


class Literals:
    """Writes values; the variables used are noted until someone takes the notes away."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.known: dict[str, list[Variable]] = {}
        self.used: dict[str, Variable] = {}
        self.count = 0

    def arguments(self, definitions: dict[str, Any]) -> str:
        given = [
            f"{name}: {self.value(definition.type, 2)}"
            for name, definition in definitions.items()
            if self.random.random() < self.need(definition)
        ]
        self.random.shuffle(given)
        return f"({', '.join(given)})" if given else ""

    def need(self, definition: Any) -> float:
        return 1 - WRONGLY if isinstance(definition.type, GraphQLNonNull) else 0.6

    def condition(self) -> str:
        choice = self.random.random()
        if choice < 0.4:
            return self.random.choice(["true", "false"])
        return self.variable(GraphQLNonNull(GraphQLBoolean))

    def value(self, type_: Any, depth: int, constant: bool = False) -> str:
        """A value for a position of a type."""
        choice = self.random.random()
        if choice < WRONGLY:
            return self.random.choice(WRONG)
        if choice < 0.3 and not constant:
            return self.variable(type_)
        if isinstance(type_, GraphQLNonNull):
            return self.present(type_.of_type, depth, constant)
        return "null" if choice > 0.95 else self.present(type_, depth, constant)

    def present(self, type_: Any, depth: int, constant: bool) -> str:
        if isinstance(type_, GraphQLList):
            if self.random.random() < 0.15:
                # One item stands for a list of it; a variable does not.
                return self.value(type_.of_type, depth, constant=True)
            count = self.random.randint(0, 2) if depth > 0 else 0
            items = [self.value(type_.of_type, depth - 1, constant) for _ in range(count)]
            return f"[{', '.join(items)}]"
        if isinstance(type_, GraphQLInputObjectType):
            fields = chosen_fields(self.random, type_, depth, wrong=WRONGLY)
            written = [
                f"{name}: {self.value(field, depth - 1, constant)}"
                for name, field in fields.items()
            ]
            return "{ " + ", ".join(written) + " }"
        value = external(self.random, GraphQLNonNull(type_), 0, wrong=0)
        if isinstance(type_, GraphQLEnumType):
            return str(value)
        return written_value(value)

    def variable(self, type_: Any) -> str:
        """A variable that may stand at a position of a type."""
        known = self.known.setdefault(str(type_), [])
        if not known or self.random.random() < 0.4:
            known.append(self.declared(type_))
        variable = self.random.choice(known)
        self.used[variable.name] = variable
        return f"${variable.name}"

    def declared(self, type_: Any) -> Variable:
        choice = self.random.random()
        name = f"v{self.count}"
        self.count += 1
        if isinstance(type_, GraphQLNonNull):
            if choice < 0.4:
                # A default value makes up for what the type lets pass.
                return Variable(name, type_.of_type, self.present(type_.of_type, 1, True))
            return Variable(name, type_, None)
        if choice < 0.2:
            type_ = GraphQLNonNull(type_)
        default = self.value(type_, 1, True) if choice > 0.6 else None
        return Variable(name, type_, default)


def written_value(value: Any) -> str:
    """A value of a scalar in GraphQL, which writes all but the keys of objects as JSON does."""
    if isinstance(value, dict):
        fields = ", ".join(f"{key}: {written_value(item)}" for key, item in value.items())
        return "{ " + fields + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(written_value, value))}]"
    # A lone surrogate can be in no document.
    return json.dumps(value, ensure_ascii=False).replace("\ud800", "?")
