"""Random queries that are valid for a random schema."""

from random import Random
from typing import Any, NamedTuple

from generated_schemas import OBJECTS, Family
from graphql import get_named_type, is_leaf_type

POSSIBLE = {
    "Plant": set(OBJECTS[1:]),
    "Either": {"Leaf", "Query"},
    **{name: {name} for name in OBJECTS},
}
DECLARATIONS = {"n": "Int", "s": "Boolean!", "i": "Boolean = true"}


class Query(NamedTuple):
    """A query with the values of its variables."""

    text: str
    variables: dict[str, Any]


def query(random: Random, family: Family) -> Query:
    """Make a query."""
    writer = Writer(random, family)
    body = writer.selections("Query", 4)
    declared = ", ".join(f"${name}: {DECLARATIONS[name]}" for name in sorted(writer.used))
    head = f"query Q({declared}) " if declared else ""
    values = {
        "n": random.choice([None, 0, 1, 2]),
        "s": random.random() < 0.3,
        "i": random.random() < 0.7,
    }
    given = {name: values[name] for name in writer.used if name == "s" or random.random() < 0.8}
    return Query(head + body + "".join(writer.fragments.values()), given)


class Writer:
    """Writes selections; a response name always stands for the same field and argument."""

    def __init__(self, random: Random, family: Family) -> None:
        self.random = random
        self.family = family
        self.types = family.schema.type_map
        self.used: set[str] = set()
        self.fragments: dict[str, str] = {}
        self.conditions: dict[str, str] = {}

    def selections(self, type_name: str, depth: int) -> str:
        count = self.random.randint(1, 5)
        return "{ " + " ".join(self.selection(type_name, depth) for _ in range(count)) + " }"

    def selection(self, type_name: str, depth: int) -> str:
        choice = self.random.random()
        fields = getattr(self.types[type_name], "fields", {})
        if choice < 0.07 or (not fields and depth <= 0):
            return self.random.choice(["__typename", "t: __typename"]) + self.directives()
        if depth > 0 and (choice < 0.25 or not fields):
            return self.inline(type_name, depth)
        if depth > 0 and choice < 0.4:
            return self.spread(type_name, depth)
        return self.field(self.random.choice(list(fields)), depth)

    def field(self, name: str, depth: int) -> str:
        kind = self.family.kinds[name]
        named = get_named_type(kind.type)
        if depth <= 0 and not is_leaf_type(named):
            return "__typename"
        aliases = [name, f"{name}_alias: {name}"]
        if kind.has_argument:
            aliases = [name, *(f"{name}_{n}: {name}(n: {n})" for n in ("0", "2", "$n"))]
        text = self.random.choice(aliases)
        if "$n" in text:
            self.used.add("n")
            text = text.replace("_$n", "_n")
        text += self.directives()
        return text if is_leaf_type(named) else f"{text} {self.selections(named.name, depth - 1)}"

    def inline(self, type_name: str, depth: int) -> str:
        condition = self.random.choice(["", *self.overlapping(type_name)])
        on = f" on {condition}" if condition else ""
        body = self.selections(condition or type_name, depth - 1)
        return f"...{on}{self.directives()} {body}"

    def spread(self, type_name: str, depth: int) -> str:
        known = [name for name, on in self.conditions.items() if on in self.overlapping(type_name)]
        if known and self.random.random() < 0.5:
            return f"...{self.random.choice(known)}{self.directives()}"
        condition = self.random.choice(self.overlapping(type_name))
        body = self.selections(condition, depth - 1)
        name = f"F{len(self.fragments)}"
        # Known only now, so that no fragment contains itself.
        self.fragments[name] = f" fragment {name} on {condition} {body}"
        self.conditions[name] = condition
        return f"...{name}{self.directives()}"

    def directives(self) -> str:
        choice = self.random.random()
        if choice < 0.75:
            return ""
        condition = self.random.choice(["$s", "$i", "true", "false"])
        if condition.startswith("$"):
            self.used.add(condition[1:])
        which = self.random.choice(["@skip", "@include"])
        return f" {which}(if: {condition})"

    def overlapping(self, type_name: str) -> list[str]:
        """The types a fragment may have where a selection is of that type."""
        possible = POSSIBLE[type_name]
        return [name for name in POSSIBLE if name in self.types and POSSIBLE[name] & possible]
