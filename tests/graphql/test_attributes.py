"""Fields without a resolver: the attribute or key of whatever object stands there."""

from types import SimpleNamespace
from typing import Any

import pytest
from objects import KINDS, Plain
from reference import build, check

SCHEMA = build("type Query { item: Item items: [Item] } type Item { name: String size: Int }")
QUERY = "{ item { name size } items { size name } }"


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_objects_of_one_kind(make: Any) -> None:
    items = [make("a", 1), make(None, None), make("é", 2**31), make("😀", 2**31 - 1), make(1, "x")]
    check(SCHEMA, QUERY, {"item": items[0], "items": items * 3})


def test_objects_of_all_kinds_in_one_list() -> None:
    items = [make(name, size) for name, size in (("a", 1), ("b", None)) for make in KINDS.values()]
    check(SCHEMA, QUERY, {"item": None, "items": items + items[::-1]})


def test_classes_that_take_turns_and_change() -> None:
    def root() -> dict[str, Any]:
        classes = [type(f"Item{number}", (SimpleNamespace,), {}) for number in range(12)]
        # Of each class two have a name, one has none and one is touched by the change of its class.
        items = [
            class_(**({} if turn == 1 else {"name": f"{class_.__name__} {turn}"}))
            for turn in range(4)
            for class_ in classes[: 3 if turn % 2 else 12]
        ]

        def change(self: Any) -> int:
            classes[0].name = property(lambda _self: "by the property")
            classes[1].__getattr__ = lambda _self, name: f"no {name}"
            return 1

        classes[2].size = property(change)
        return {"items": items + items[::-1]}

    result = check(SCHEMA, "{ items { name size } }", make_root=root)
    assert {"by the property", "no name", "Item11 2", None} <= {
        item["name"] for item in result.data["items"]
    }


def test_root_values_of_all_kinds() -> None:
    schema = build("type Query { name: String size: Int }")
    for make in KINDS.values():
        check(schema, "{ name size }", make("a", 1))


def test_a_class_that_changes_while_it_is_read() -> None:
    def root() -> dict[str, Any]:
        class Changing:
            def __init__(self, number: int) -> None:
                self.number = number

            @property
            def size(self) -> int:
                if self.number == 2:
                    Changing.name = property(lambda self: f"property {self.number}")
                return self.number

        Changing.name = "class attribute"
        return {"items": [Changing(number) for number in range(5)]}

    result = check(SCHEMA, "{ items { name size } }", make_root=root)
    assert [item["name"] for item in result.data["items"]] == [
        *["class attribute"] * 3,
        "property 3",
        "property 4",
    ]


def test_attributes_that_raise() -> None:
    class Raising:
        @property
        def name(self) -> str:
            message = "no such attribute, says the property"
            raise AttributeError(message)

        @property
        def size(self) -> int:
            message = "broken"
            raise ValueError(message)

    result = check(SCHEMA, QUERY, {"item": Raising(), "items": [Raising(), Plain("a", 1)]})
    assert [error.path for error in result.errors] == [["item", "size"], ["items", 0, "size"]]
