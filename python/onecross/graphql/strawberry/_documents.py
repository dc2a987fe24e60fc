"""Documents by their text: parsed and validated once, kept within bounds."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from graphql import (
    ASTValidationRule,
    DocumentNode,
    NoDeprecatedCustomRule,
    NoSchemaIntrospectionCustomRule,
    specified_rules,
)

__all__ = ["Documents", "are_pure"]

Rules = tuple[type[ASTValidationRule], ...]

# About how many bytes each character of a text costs once it is parsed and planned.
_BYTES_PER_CHARACTER = 200

# Rules that see nothing but the schema and the document, so that what they said holds for good.
_PURE_RULES = frozenset({*specified_rules, NoDeprecatedCustomRule, NoSchemaIntrospectionCustomRule})


def are_pure(rules: Rules) -> bool:
    """Whether rules say the same of a document each time they are asked."""
    return rules is specified_rules or _PURE_RULES.issuperset(rules)


class _Kept(NamedTuple):
    document: DocumentNode
    rules: Rules


class Documents:
    """Documents that were valid by some rules; those used last are kept.

    Args:
        count: How many are kept at most.
        size: How many bytes of memory they may take at most, about.
    """

    def __init__(self, count: int, size: int) -> None:
        self.count = count
        self.size = size
        self._lock = Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._characters = 0

    def find(self, text: str) -> _Kept | None:
        """The document of a text, and the rules it is valid by, if it is kept."""
        with self._lock:
            kept = self._kept.get(text)
            if kept is not None:
                self._kept.move_to_end(text)
        return kept

    def keep(self, text: str, document: DocumentNode, rules: Rules) -> None:
        """Keep a document that is valid by some rules."""
        limit = self.size // _BYTES_PER_CHARACTER
        if len(text) > limit:
            return
        dropped = []
        with self._lock:
            earlier = self._kept.pop(text, None)
            if earlier is not None:
                self._characters -= len(text)
            self._kept[text] = _Kept(document, rules)
            self._characters += len(text)
            while len(self._kept) > self.count or self._characters > limit:
                old, kept = self._kept.popitem(last=False)
                self._characters -= len(old)
                # What a document takes along may run anybody's code, so no lock is held then.
                dropped.append(kept)
        dropped.clear()
