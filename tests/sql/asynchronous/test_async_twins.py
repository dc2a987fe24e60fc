"""Every public member of the synchronous face has its twin, or a reason in the guide."""

import inspect
import re
from pathlib import Path

import pytest

import onecross
import onecross.sql as sql

TWINS = {
    "Connection": (sql.Connection, sql.AsyncConnection),
    "Cursor": (sql.Cursor, sql.AsyncCursor),
    "Statement": (sql.Statement, sql.AsyncStatement),
    "Rows": (onecross.Rows, sql.AsyncRows),
}
GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "sql_async.md"
ROW = re.compile(r"^\| `(\w+)\.(\w+)` \| .+ \|$", re.MULTILINE)


def public(kind):
    return {name for name in dir(kind) if not name.startswith("_")}


def without_twin(name):
    listed = GUIDE.read_text(encoding="utf-8").partition("## Without a twin")[2]
    return {member for kind, member in ROW.findall(listed) if kind == name}


@pytest.mark.parametrize("name", TWINS)
def test_every_member_has_its_twin_or_a_reason(name):
    plain, twin = TWINS[name]
    assert public(plain) - public(twin) == without_twin(name)


def parameters(method):
    _, *rest = inspect.signature(method).parameters.values()
    return [(parameter.name, parameter.kind) for parameter in rest]


@pytest.mark.parametrize("name", TWINS)
def test_a_method_takes_the_arguments_of_its_twin(name):
    plain, twin = TWINS[name]
    for member in public(plain) & public(twin):
        method = getattr(plain, member)
        if inspect.isroutine(method) and f"{name}.{member}" != "Connection.cursor":
            assert parameters(getattr(twin, member)) == parameters(method), member


def test_opening_takes_the_arguments_of_its_twin():
    plain = inspect.signature(sql.connect).parameters
    twin = inspect.signature(sql.aconnect).parameters
    assert [*plain, "inline_operations"] == list(twin)
    assert all(twin[name].default == plain[name].default for name in plain)
