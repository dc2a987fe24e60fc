"""Dicts that change while they are read, and answers that are meddled with while they are made.

A key may compare by any code, and the collector shows everybody the containers of an answer.
"""

import gc
import json
import sys
import threading

import pytest
from graphql import build_schema, execute_sync, parse

from onecross.graphql import Engine

SCHEMA = build_schema("""
    type Query { rows: [Row] }
    type Row { first: Int second: String third: [String] touch: Int last: Int inner: Row }
""")
QUERY = "{ rows { first second third touch last } }"


def row(number, **more):
    return {
        "first": number,
        "second": str(number),
        "third": ["a", "b"],
        "touch": None,
        "last": -number,
        **more,
    }


def check(make_rows, query=QUERY):
    expected = execute_sync(SCHEMA, parse(query), {"rows": make_rows()})
    engine = Engine(SCHEMA)
    for _ in range(2):
        assert engine.execute_sync(query, {"rows": make_rows()}).formatted == expected.formatted
        written = engine.execute_json_sync(query, {"rows": make_rows()})
        assert json.loads(bytes(written)) == expected.formatted
    return expected.data["rows"]


def replace_values(rows, index):
    rows[index].update(second="another", third=["c"] * 9, last=7)


def delete_and_set_again(rows, index):
    del rows[index]["last"]
    rows[index]["last"] = 8


def fill(rows, index):
    rows[index].update({f"key{number}": number for number in range(1000)})


def fill_and_empty(rows, index):
    fill(rows, index)
    for key in list(rows[index]):
        del rows[index][key]


def add_a_key_of_another_kind(rows, index):
    rows[index][5] = 5


def set_an_item(rows, index):
    rows[index] = {"last": 3, "third": None}


def clear_the_row(rows, index):
    rows[index].clear()


def pop_a_key(rows, index):
    rows[index].pop("last")


def pop_the_newest_key(rows, index):
    rows[index].popitem()


def clear_all(rows, index):
    rows.clear()


CHANGES = [
    clear_the_row,
    pop_a_key,
    pop_the_newest_key,
    replace_values,
    delete_and_set_again,
    fill,
    fill_and_empty,
    add_a_key_of_another_kind,
    set_an_item,
    clear_all,
]


@pytest.mark.parametrize("index", [2, 3])
@pytest.mark.parametrize("change", CHANGES)
def test_a_method_of_a_row_changes_it_or_the_next(change, index):
    def make_rows():
        rows = [row(number) for number in range(6)]
        rows[2]["touch"] = lambda info: change(rows, index) or 1
        return rows

    check(make_rows)


class Key:
    """Has the hash of another key, and acts when it is compared with it."""

    def __init__(self, name, act):
        self.name = name
        self.act = act
        self.compared = 0

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        self.compared += 1
        # What it does may compare it again.
        return self.compared == 1 and self.act()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["first", "last"])
def test_a_key_changes_the_dict_it_is_compared_in(change, name):
    compared = []

    def make_rows():
        rows = [row(number) for number in range(6)]
        key = Key(name, lambda: bool(change(rows, 2)) and False)
        rows[2] = {key: "an odd one", "second": "2", "third": ["x"]}
        compared.append(key)
        return rows

    check(make_rows)
    assert len({key.compared for key in compared}) == 1


def test_a_key_that_passes_for_a_name():
    def make_rows():
        return [row(1), {Key("first", lambda: True): 5}, row(2)]

    assert [each["first"] for each in check(make_rows)] == [1, 5, 2]


def test_a_key_that_fails():
    def fail():
        raise ZeroDivisionError("no")

    def make_rows():
        return [row(1), {Key("first", fail): 5, "last": 3}, row(2)]

    assert [each["first"] for each in check(make_rows)] == [1, None, 2]
    assert [each["last"] for each in check(make_rows)] == [-1, 3, -2]


def test_a_subclass_of_str_for_a_key():
    class Name(str):
        __slots__ = ()

        def __eq__(self, other):
            return str(self) == other

        __hash__ = str.__hash__

    def make_rows():
        return [row(1), {Name("first"): 5, "last": 6}, row(2)]

    assert [each["first"] for each in check(make_rows)] == [1, 5, 2]


def test_an_instance_with_a_key_of_another_kind_in_its_dict():
    class Plain:
        def __init__(self, number, act):
            self.first = number
            if act:
                vars(self)[Key("last", act)] = 1
            else:
                self.last = number
                vars(self)

    def make_rows():
        rows = []
        rows += [Plain(number, number == 2 and rows.clear) for number in range(5)]
        return rows

    assert len(check(make_rows, "{ rows { first last } }")) == 3


def test_an_object_that_is_freed_changes_the_rows():
    class Dying:
        def __init__(self, rows):
            self.rows = rows

        def __del__(self):
            for each in self.rows[2:]:
                each.clear()

    def make_rows():
        rows = [row(number) for number in range(6)]
        kept = [Dying(rows)]
        rows[1]["touch"] = lambda info: kept.clear() or 1
        return rows

    assert [each["last"] for each in check(make_rows)] == [0, -1, None, None, None, None]


def test_another_thread_changes_the_rows_while_they_are_read():
    engine = Engine(SCHEMA)
    stop = threading.Event()
    rows = [row(number, touch=lambda info: sum(range(50)) % 7) for number in range(50)]

    def change():
        while not stop.is_set():
            for each in rows:
                each.clear()
                each["last"] = 5
                each.update(row(1), more=2)
                each["touch"] = lambda info: 1

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(100):
            for execute in (engine.execute_json_sync, engine.execute_sync):
                result = execute(QUERY, {"rows": rows})
                assert result.errors is None
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(interval)
    assert [each["third"] for each in result.data["rows"] if each["third"]]


class Bomb:
    """Clears the rows when it is freed, wherever somebody put it."""

    def __init__(self, rows):
        self.rows = rows

    def __del__(self):
        self.rows.clear()


def found_of_the_answer(kind, rows):
    """Finds the dicts of an answer that is being made, or the lists of them, as anybody can."""

    def is_made(each):
        return type(each) is dict and [*each] == [*row(1)] and not any(each is own for own in rows)

    found = [each for each in gc.get_objects() if is_made(each)]
    if kind is list:
        lists = [each for each in gc.get_referrers(*found) if type(each) is list]
        found = [each for each in lists if each is not found and all(map(is_made, each))]
    return found


def clear(container, rows):
    container.clear()


def put_bombs(container, rows):
    for key in list(container) if type(container) is dict else range(len(container)):
        container[key] = Bomb(rows)


def grow(container, rows):
    if type(container) is dict:
        container.update({number: number for number in range(100)})
    else:
        container.extend(range(100))


def turn_round(container, rows):
    entries = list(container.items()) if type(container) is dict else list(container)
    container.clear()
    if type(container) is dict:
        container.update(reversed(entries))
    else:
        container.extend(reversed(entries))


@pytest.mark.parametrize("meddle", [clear, put_bombs, grow, turn_round])
@pytest.mark.parametrize("kind", [dict, list])
def test_somebody_meddles_with_the_answer_while_it_is_made(meddle, kind):
    rows = [row(number) for number in range(6)]
    met = []

    def touch(info):
        found = found_of_the_answer(kind, rows)
        met.append(len(found))
        for container in found:
            meddle(container, rows)

    rows[1]["touch"] = touch
    rows[3]["touch"] = touch
    engine = Engine(SCHEMA)
    result = engine.execute_sync(QUERY, {"rows": rows})
    assert result.errors is None
    assert type(result.data["rows"]) is list
    assert max(met) > 0
    # Those that were made afterwards are as they should be.
    assert engine.execute_sync(QUERY, {"rows": [row(1)]}).data["rows"] == [row(1)]


def test_a_value_that_is_replaced_clears_the_dict_whose_values_replace_it():
    keys = ["third", "touch", "first", "second", "last"]
    rows = [row(number) for number in range(3)]

    def touch(info):
        for each in gc.get_objects():
            if type(each) is dict and [*each] == keys and each["first"] is None:
                each["first"] = Bomb(rows[2])

    rows[2]["touch"] = touch
    result = Engine(SCHEMA).execute_sync(
        "{ rows { third touch first second last } }", {"rows": rows}
    )
    assert result.errors is None
    assert rows[2] == {}
    assert result.data["rows"][2] == dict.fromkeys(keys) | {"third": ["a", "b"], "first": 2}


@pytest.mark.parametrize("is_on", [True, False])
@pytest.mark.parametrize("form", ["execute_json_sync", "execute_sync"])
def test_the_collector_is_left_as_it_was(form, is_on):
    def fail(info):
        raise KeyboardInterrupt

    engine = Engine(SCHEMA)
    execute = getattr(engine, form)
    seen = []
    rows = [row(number, touch=lambda info: seen.append(gc.isenabled())) for number in range(9)]
    (gc.enable if is_on else gc.disable)()
    try:
        execute(QUERY, {"rows": rows})
        assert gc.isenabled() is is_on
        with pytest.raises(KeyboardInterrupt):
            execute(QUERY, {"rows": [*rows, row(1, touch=fail)]})
        assert gc.isenabled() is is_on
    finally:
        gc.enable()
    assert set(seen) == {is_on}


def test_a_collector_turned_off_on_the_way_stays_off():
    rows = [row(number) for number in range(9)]
    rows[3]["touch"] = lambda info: gc.disable()
    try:
        Engine(SCHEMA).execute_sync(QUERY, {"rows": rows})
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_making_an_answer_does_not_set_the_collector_off():
    engine = Engine(SCHEMA)
    rows = [row(number) for number in range(1_000)]
    engine.execute_sync(QUERY, {"rows": rows})
    gc.collect()
    thresholds = gc.get_threshold()
    collections = []
    gc.callbacks.append(lambda phase, info: collections.append(phase))
    gc.set_threshold(20)
    try:
        result = engine.execute_sync(QUERY, {"rows": rows})
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.pop()
    assert len(result.data["rows"]) == 1_000
    # What Python code makes around the answer may set it off, 2,000 containers do not.
    assert len(collections) < 20


def test_the_answer_is_known_to_the_collector():
    data = (
        Engine(SCHEMA)
        .execute_sync(
            "{ rows { first inner { third } } }",
            {
                "rows": [{"first": 1, "inner": row(2)}],
            },
        )
        .data
    )
    assert gc.is_tracked(data)
    assert gc.is_tracked(data["rows"])
    assert gc.is_tracked(data["rows"][0])
    assert gc.is_tracked(data["rows"][0]["inner"])


def test_an_answer_is_the_users_to_change():
    rows = Engine(SCHEMA).execute_sync(QUERY, {"rows": [row(1), row(2)]}).data["rows"]
    rows[0]["first"] = 5
    rows[0]["more"] = rows[0].pop("second")
    rows[1]["third"].append("c")
    rows.append(None)
    assert rows[0] == {"first": 5, "third": ["a", "b"], "touch": None, "last": -1, "more": "1"}
    assert rows[1] == row(2, third=["a", "b", "c"])
    again = Engine(SCHEMA).execute_sync(QUERY, {"rows": [row(1)]}).data["rows"]
    assert again == [row(1)]
