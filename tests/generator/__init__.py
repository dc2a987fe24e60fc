"""Random schemas, documents and data: everything a request can be made of, and what goes wrong.

All choices are those of one `random.Random`, so that a seed stands for a case, and hypothesis,
which hands out a `Random` of its own, can make a case smaller.
"""

from generator.documents import Document, document
from generator.objects import root_of
from generator.recipe import Recipe
from generator.schemas import Family, family

__all__ = ["Document", "Family", "Recipe", "document", "family", "root_of"]
