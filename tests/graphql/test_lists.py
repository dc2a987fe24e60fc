"""Lists: whatever can be iterated over, and what happens to it meanwhile."""

from array import array
from collections import ChainMap, OrderedDict, UserList, deque
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from reference import LEAF_METHOD, build, check

SDL = "type Query { leaves: [Int] strict: [Int!] items: [Item] } type Item { n: Int drop: Int }"
SCHEMA = build(SDL)


class Sequence:
    """Iterable only as sequences of old were: by index."""

    def __init__(self, *items: Any) -> None:
        self.items = items

    def __getitem__(self, index: int) -> Any:
        return self.items[index]


class Iterable:
    def __iter__(self) -> Iterator[Any]:
        yield from (1, None, 2)


class ListSubclass(list[Any]):
    def __iter__(self) -> Iterator[Any]:
        return reversed(list(super().__iter__()))


class TupleSubclass(tuple[Any, ...]):
    def __len__(self) -> int:
        return 1


class UnwillingIterable:
    def __iter__(self) -> Iterator[Any]:
        message = "not today"
        raise ValueError(message)


def failing_generator() -> Iterator[Any]:
    yield 1
    yield None
    message = "broken off"
    raise ValueError(message)


VALUES: dict[str, Callable[[], Any]] = {
    "list": lambda: [1, None, 2**40, 3],
    "empty list": list,
    "tuple": lambda: (1, None, "4", "x"),
    "empty tuple": tuple,
    "generator": lambda: (number for number in (1, 2, 3)),
    "failing generator": failing_generator,
    "iterator": lambda: iter([1, 2]),
    "map": lambda: map(int, ["1", "x", "3"]),
    "set": lambda: {1, 2, 3},
    "frozen set": lambda: frozenset([4]),
    "deque": lambda: deque([1, None]),
    "range": lambda: range(3),
    "array": lambda: array("i", [1, 2]),
    "keys": lambda: {1: "a"}.keys(),
    "values": lambda: {"a": 1}.values(),
    "user list": lambda: UserList([1, 2]),
    "iterable": Iterable,
    "sequence": lambda: Sequence(1, 2),
    "list subclass": lambda: ListSubclass([1, 2, 3]),
    "tuple subclass": lambda: TupleSubclass([1, 2, 3]),
    "unwilling": UnwillingIterable,
    "text": lambda: "123",
    "bytes": lambda: b"123",
    "bytearray": lambda: bytearray(b"123"),
    "memory view": lambda: memoryview(b"123"),
    "dict": lambda: {1: 2},
    "ordered dict": lambda: OrderedDict(a=1),
    "chain map": lambda: ChainMap({1: 2}),
    "int": lambda: 5,
    "object": object,
    "namespace": SimpleNamespace,
}


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
def test_values_where_a_list_is_due(make: Callable[[], Any]) -> None:
    query = "{ leaves strict items { n } after: __typename }"
    check(SCHEMA, query, make_root=lambda: {name: make() for name in ("leaves", "strict", "items")})
    nested = build("type Query { rows: [[Int]!] }")
    check(nested, "{ rows }", make_root=lambda: {"rows": [[1], make(), [2]]})
    check(nested, "{ rows }", make_root=lambda: {"rows": make()})


def test_one_generator_is_read_once() -> None:
    def root() -> dict[str, Any]:
        numbers = iter(range(6))
        return {"leaves": (next(numbers) for _ in range(3)), "strict": numbers}

    assert check(SCHEMA, "{ leaves strict }", make_root=root).data == {
        "leaves": [0, 1, 2],
        "strict": [3, 4, 5],
    }


CHANGES: dict[str, Callable[[list[Any], int], Any]] = {
    "cleared": lambda items, _at: items.clear(),
    "shrunk": lambda items, _at: items.pop(),
    "shrunk in front": lambda items, _at: items.pop(0),
    "grown": lambda items, at: items.append({"n": at}) if len(items) < 40 else None,
    "grown much": lambda items, at: items.extend([{}] * 5000) if at == 1 else None,
    "grown in front": lambda items, at: items.insert(0, {"n": -1}) if at < 4 else None,
    "replaced": lambda items, at: items.__setitem__(slice(None), [{"n": at}] * min(at + 3, 9)),
    "filled with null": lambda items, _at: items.__setitem__(slice(1, None), [None] * 4),
    "reversed": lambda items, _at: items.reverse(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_list_that_its_own_items_change(change: Callable[[list[Any], int], Any]) -> None:
    def drop(source: dict[str, Any], info: Any) -> int:
        items = info.root_value["items"]
        change(items, info.path.prev.key)
        return len(items)

    schema = build(SDL, {"Item.drop": drop})
    check(
        schema,
        "{ items { n drop again: n } after: items { n } }",
        make_root=lambda: {"items": [{"n": number} for number in range(6)]},
    )


def test_a_list_that_the_code_of_a_scalar_changes() -> None:
    lists: list[list[Any]] = []

    def coerce(value: Any) -> Any:
        if value == "shrink":
            del lists[-1][-2:]
        if value == "grow":
            lists[-1].extend(["new", "shrink", "other"])
        return value

    def root() -> dict[str, Any]:
        lists.append(["a", "grow", "shrink", "b", "shrink", "c", "d"])
        return {"values": lists[-1]}

    schema = build("scalar Any type Query { values: [Any] }")
    setattr(schema.type_map["Any"], LEAF_METHOD, coerce)
    check(schema, "{ values }", make_root=root)


def test_items_that_die_when_they_are_read() -> None:
    class Item:
        def __init__(self, number: int) -> None:
            self.number = number

        @property
        def n(self) -> int:
            return self.number

        def drop(self, info: Any) -> int:
            info.root_value["items"].clear()
            return self.number

    check(
        SCHEMA,
        "{ items { drop n } }",
        make_root=lambda: {"items": [Item(number) for number in range(9)]},
    )


def test_an_iterator_is_left_as_graphql_core_leaves_it_when_an_item_fails() -> None:
    def breaking() -> Iterator[Any]:
        yield "no number"
        yield 1
        message = "after the failure"
        raise LookupError(message)

    schema, query = build("type Query { numbers: [Int!] }"), "{ first: numbers again: numbers }"
    for make in (lambda: iter(["no number", 1, 2]), breaking, lambda: iter([1, None, 2])):
        result = check(schema, query, make_root=lambda make=make: {"numbers": make()})
        assert result.data["first"] is None
