"""Random documents for a random schema, most of them valid, with values for their variables."""

from random import Random
from typing import Any, NamedTuple

from graphql import get_named_type, is_composite_type, is_leaf_type

from generator.inputs import external
from generator.literals import Literals, Variable
from generator.schemas import Family, possible_types

__all__ = ["Document", "Operation", "document"]

INTROSPECTION = [
    "__schema { queryType { name kind } mutationType { name } directives { name locations } }",
    "__schema { types { name kind fields { name type { name kind ofType { kind name } } } } }",
    '__type(name: "Tree") { name fields(includeDeprecated: true) { args { name defaultValue } } }',
    '__type(name: "Filter") { inputFields { defaultValue type { kind } } possibleTypes { name } }',
    '__type(name: "Nowhere") { name }',
    "__schema { t: types { interfaces { name } possibleTypes { name } enumValues { name } } }",
]


class Operation(NamedTuple):
    """An operation, as it is chosen and given the values of its variables."""

    name: str | None
    root_type: str
    variables: dict[str, Variable]

    def values(self, random: Random) -> dict[str, Any]:
        """Values of the variables; some are not given, some are wrong, some nobody asked for."""
        values = {
            name: external(random, variable.type, 2)
            for name, variable in self.variables.items()
            if random.random() < (0.97 if variable.is_required else 0.7)
        }
        return {**values, "more": 1} if random.random() < 0.02 else values


class Document(NamedTuple):
    """A document and its operations."""

    text: str
    operations: list[Operation]

    def choice(self, random: Random) -> tuple[str | None, Operation]:
        """The name by which an operation is asked for, which rarely stands for none."""
        operation = random.choice(self.operations)
        if random.random() < 0.02:
            return random.choice([None, "Nowhere", ""]), operation
        is_only = len(self.operations) == 1
        return (None if is_only and random.random() < 0.8 else operation.name), operation


def document(random: Random, family: Family) -> Document:
    """Make a document."""
    writer = Writer(random, family)
    texts, operations = [], []
    count = random.choice([1, 1, 1, 2, 3])
    for number in range(count):
        name = None if count == 1 and random.random() < 0.6 else f"Operation{number}"
        has_mutation = family.schema.mutation_type or random.random() < 0.02
        root = random.choice(["Query", "Query", "Mutation" if has_mutation else "Query"])
        text, operation = writer.operation(name, root)
        texts.append(text)
        operations.append(operation)
    texts += writer.fragments.values()
    if random.random() < 0.5:
        texts.reverse()
    text = "\n".join(texts)
    return Document(damaged(random, text) if random.random() < 0.03 else text, operations)


def damaged(random: Random, text: str) -> str:
    """The text with something wrong in it, mostly."""
    place = random.randrange(len(text))
    way = random.randrange(4)
    if way == 0:
        return text[:place] + text[place + 1 :]
    if way == 1:
        return text[:place] + random.choice('{}()$!:@ "é\0') + text[place:]
    if way == 2:
        return text.replace("f1", "f99")
    return text + random.choice([" fragment F0 on Query { f1 }", " { f0 }", " type T { a: Int }"])


class Writer:
    """Writes operations; a response name always stands for the same field and arguments."""

    def __init__(self, random: Random, family: Family) -> None:
        self.random = random
        self.family = family
        self.types = family.schema.type_map
        self.composite = [
            name
            for name, type_ in self.types.items()
            if is_composite_type(type_) and not name.startswith("__")
        ]
        self.possible = {
            name: set(possible_types(family.schema, self.types[name])) for name in self.composite
        }
        self.literals = Literals(random)
        self.fragments: dict[str, str] = {}
        self.conditions: dict[str, str] = {}
        # The variables that each fragment uses, with those of the fragments in it.
        self.used_by: dict[str, dict[str, Variable]] = {}
        self.response_names: dict[tuple[str, str], str] = {}

    def operation(self, name: str | None, root: str) -> tuple[str, Operation]:
        self.literals.used = {}
        body = self.selections(root, 3)
        variables = self.literals.used
        declared = ", ".join(variable.declaration for variable in variables.values())
        head = f"{root.lower()} {name or ''}{f'({declared})' if declared else ''}"
        if root == "Query" and name is None and not declared:
            head = ""
        text = f"{head} {self.note() if head else ''} {body}"
        return text, Operation(name, root, variables)

    def selections(self, type_name: str, depth: int) -> str:
        count = self.random.choice([1, 1, 2, 3, 4])
        return "{ " + " ".join(self.selection(type_name, depth) for _ in range(count)) + " }"

    def selection(self, type_name: str, depth: int) -> str:
        choice = self.random.random()
        fields = getattr(self.types[type_name], "fields", {})
        if choice < 0.07 or (not fields and depth <= 0):
            return self.random.choice(["__typename", "t: __typename"]) + self.directives()
        if choice < 0.09 and type_name == "Query":
            return self.random.choice(INTROSPECTION)
        if depth > 0 and (choice < 0.25 or not fields):
            return self.inline(type_name, depth)
        if depth > 0 and choice < 0.4:
            return self.spread(type_name, depth)
        return self.field(*self.random.choice(list(fields.items())), depth)

    def field(self, name: str, definition: Any, depth: int) -> str:
        named = get_named_type(definition.type)
        if depth <= 0 and not is_leaf_type(named):
            return "__typename"
        arguments = self.literals.arguments(definition.args)
        text = self.aliased(name, arguments) + self.directives() + self.note()
        return text if is_leaf_type(named) else f"{text} {self.selections(named.name, depth - 1)}"

    def aliased(self, name: str, arguments: str) -> str:
        """The field by its own name if no other arguments are known by it."""
        known = self.response_names.setdefault((name, ""), arguments)
        if known == arguments and self.random.random() < 0.8:
            return name + arguments
        number = len(self.response_names)
        alias = self.response_names.setdefault((name, arguments or " "), f"{name}_{number}")
        return f"{alias}: {name}{arguments}"

    def inline(self, type_name: str, depth: int) -> str:
        condition = self.random.choice(["", *self.overlapping(type_name)])
        on = f" on {condition}" if condition else ""
        body = self.selections(condition or type_name, depth - 1)
        return f"...{on}{self.directives()}{self.note()} {body}"

    def spread(self, type_name: str, depth: int) -> str:
        overlapping = self.overlapping(type_name)
        known = [name for name, on in self.conditions.items() if on in overlapping]
        if known and self.random.random() < 0.5:
            name = self.random.choice(known)
        else:
            name = self.fragment(self.random.choice(overlapping), depth)
        self.literals.used.update(self.used_by[name])
        return f"...{name}{self.directives()}{self.note()}"

    def fragment(self, condition: str, depth: int) -> str:
        outside, self.literals.used = self.literals.used, {}
        body = self.selections(condition, depth - 1)
        used, self.literals.used = self.literals.used, outside
        name = f"F{len(self.fragments)}"
        # Known only now, so that no fragment contains itself.
        self.fragments[name] = f"fragment {name} on {condition} {body}"
        self.conditions[name] = condition
        self.used_by[name] = used
        return name

    def directives(self) -> str:
        text = ""
        for name in ("skip", "include"):
            if self.random.random() < 0.12:
                text += f" @{name}(if: {self.literals.condition()})"
        return text

    def note(self) -> str:
        if self.random.random() < 0.96:
            return ""
        return f" @note(number: {self.random.choice(['1', 'null', '-7'])})"

    def overlapping(self, type_name: str) -> list[str]:
        """The types a fragment may have where a selection is of that type."""
        if type_name not in self.possible:
            return [type_name]
        possible = self.possible[type_name]
        # One that stands for nothing overlaps with nothing, but with itself it may be written.
        return [name for name in self.composite if self.possible[name] & possible] or [type_name]
