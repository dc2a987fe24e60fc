"""The interpreter may end while a daemon thread is within an execution: it ends as ever."""

import pytest

PROGRAM = """
import sys, threading, itertools
from graphql import build_schema
from onecross.graphql import Engine

engine = Engine(build_schema("scalar Any type Query { number: Int numbers: [Int] any: Any }"))
begun = threading.Event()

def run(info):
    begun.set()
    while True:
        pass

def wait(info):
    begun.set()
    threading.Event().wait()

class Endless(list):
    def __iter__(self):
        begun.set()
        return itertools.repeat(1)

class Property:
    @property
    def number(self):
        return run(None)

class Nested:
    @property
    def number(self):
        return engine.execute_sync("{ number }", {"number": run}).data

def walk():
    query = "{ %s }" % {"walk": "numbers", "value": "any"}.get(sys.argv[2], "number")
    root = {
        "run": {"number": run}, "wait": {"number": wait}, "property": Property(),
        "nested": Nested(), "walk": {"numbers": Endless()}, "value": {"any": [Endless([1])]},
    }[sys.argv[2]]
    getattr(engine, sys.argv[1])(query, root)

threading.Thread(target=walk, daemon=True).start()
begun.wait()
print("the end")
"""


WHERE = ["run", "wait", "property", "nested", "walk"]
CASES = [(form, where) for form in ("execute_json_sync", "execute_sync") for where in WHERE]


@pytest.mark.parametrize(("form", "where"), [*CASES, ("execute_json_sync", "value")])
def test_a_daemon_thread_within_an_execution_does_not_spoil_the_exit(
    run_python, form: str, where: str
) -> None:
    finished = run_python(PROGRAM, form, where)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "the end\n", "")


AFTERWARDS = """
import ctypes, os, threading
from pathlib import Path
from graphql import build_schema
from onecross.graphql import Engine

engine = Engine(build_schema("type Query { number: Int }"))
exit_thread = ctypes.CDLL(None).pthread_exit

def work():
    engine.execute_json_sync("{ number }", {"number": 1})
    exit_thread(None)

thread = threading.Thread(target=work)
thread.start()
while Path(f"/proc/self/task/{thread.native_id}").exists():
    pass
print("ended", flush=True)
os._exit(0)
"""


def test_a_thread_that_has_left_onecross_can_be_ended(run_python) -> None:
    finished = run_python(AFTERWARDS)
    assert (finished.returncode, finished.stdout) == (0, "ended\n"), finished.stderr


UNFINISHED = """
import asyncio, builtins, gc
from graphql import build_schema
from onecross.graphql import Engine

async def never(info):
    await asyncio.get_running_loop().create_future()

async def begin():
    asked = Engine(build_schema("type Query { number: Int }")).execute("{ number }", root)
    asked.send(None)
    # The collector finds both, but not before the interpreter is finalised.
    gc.disable()
    builtins.kept = [asked]
    builtins.kept.append(builtins.kept)

root = {"number": never}
loop = asyncio.new_event_loop()
loop.set_exception_handler(lambda loop, told: None)
loop.run_until_complete(begin())
loop.close()
print("the end")
"""


def test_a_response_that_nobody_awaits_any_more_does_not_spoil_the_exit(run_python) -> None:
    finished = run_python(UNFINISHED)
    assert (finished.returncode, finished.stdout) == (0, "the end\n"), finished.stderr
