"""Threads that meet at one connection, or hold one each and want the other's; and forks of them."""

import pytest

FACES = ["onecross.sql", "onecross.sql.sqlite3"]

SETUP = """
import importlib, os, signal, sys, threading

driver = importlib.import_module(sys.argv[1])
options = {} if driver.__name__ == "onecross.sql" else {"check_same_thread": False}
ENDLESS = "with recursive n(i) as (select ? union all select i + 1 from n) select count(*) from n"

def connect(database=":memory:"):
    return driver.connect(database, **options)

class Parameter:
    # Runs something while it is bound: the connection is owned then.
    def __init__(self, run):
        self.run = run

    def __conform__(self, protocol):
        self.run()
        return 1

def in_thread(work, **options):
    thread = threading.Thread(target=work, **options)
    thread.start()
    return thread

# A statement begins its endless work as soon as its parameter is bound.
def work_for_ever(connection, begun):
    try:
        connection.execute(ENDLESS, (Parameter(begun.set),)).fetchall()
    except driver.OperationalError as error:
        print(error, flush=True)

def press_control_c(*_):
    raise KeyboardInterrupt

signal.signal(signal.SIGALRM, press_control_c)
"""

CLOSED_BY_ANOTHER = """
connection = connect()
closing = threading.Event()

def close():
    closing.set()
    connection.close()

def convert(text):
    if not closing.is_set():
        threads.append(in_thread(close))
        closing.wait()
    return text.decode()

threads = []
connection.text_factory = convert
cursor = connection.execute("select 'a' union all select 'b' union all select 'c'")
print(cursor.fetchall())
threads[0].join()
try:
    cursor.fetchall()
except driver.ProgrammingError as error:
    print(error)
"""


@pytest.mark.parametrize("face", FACES)
def test_a_connection_that_another_thread_closes_is_closed_when_its_work_is_done(run_python, face):
    finished = run_python(SETUP + CLOSED_BY_ANOTHER, face)
    assert finished.stdout == (
        "[('a',), ('b',), ('c',)]\nCannot operate on a closed database.\n"
    ), finished.stderr
    assert finished.returncode == 0


INTERRUPTED = """
connection, begun = connect(), threading.Event()
thread = in_thread(lambda: work_for_ever(connection, begun))
begun.wait()
# An interrupt counts for what is running: before the first step, there is nothing to stop.
while thread.is_alive():
    connection.interrupt()
print(connection.execute("select 5").fetchall())
"""


@pytest.mark.parametrize("face", FACES)
def test_another_thread_interrupts_a_statement(run_python, face):
    finished = run_python(SETUP + INTERRUPTED, face)
    assert finished.stdout == "interrupted\n[(5,)]\n", finished.stderr


WAITING = """
connection, begun = connect(), threading.Event()
thread = in_thread(lambda: work_for_ever(connection, begun))
begun.wait()
signal.setitimer(signal.ITIMER_REAL, 0.1)
try:
    connection.execute("select 1")
except KeyboardInterrupt:
    print("stopped", flush=True)
while thread.is_alive():
    connection.interrupt()
print(connection.execute("select 5").fetchall())
"""


@pytest.mark.parametrize("face", FACES)
def test_whoever_waits_for_a_connection_can_be_stopped(run_python, face):
    finished = run_python(SETUP + WAITING, face)
    assert finished.stdout == "stopped\ninterrupted\n[(5,)]\n", finished.stderr


EACH_OTHER = """
first, second = connect(), connect()
both = threading.Barrier(2)
told = []

def use(own, other):
    def query_other():
        both.wait()
        other.execute("select 5")
    try:
        own.execute("select ?", (Parameter(query_other),))
    except driver.OperationalError as error:
        told.append(str(error))

threads = [in_thread(lambda: use(first, second)), in_thread(lambda: use(second, first))]
for thread in threads:
    thread.join()
print(len(told), told[0])
print(first.execute("select 1").fetchall(), second.execute("select 2").fetchall())
"""


@pytest.mark.parametrize("face", FACES)
def test_two_threads_that_wait_for_each_other_are_told(run_python, face):
    finished = run_python(SETUP + EACH_OTHER, face)
    told, answers = finished.stdout.splitlines()
    assert told.startswith("1 deadlock: "), finished.stderr
    assert answers == "[(1,)] [(2,)]"


IN_A_RING = """
count = 4
connections = [connect() for _ in range(count)]
all_of_them = threading.Barrier(count)
told = []

def use(number):
    def query_next():
        all_of_them.wait()
        connections[(number + 1) % count].execute("select 5")
    try:
        connections[number].execute("select ?", (Parameter(query_next),))
    except driver.OperationalError as error:
        told.append(str(error))

threads = [in_thread(lambda number=number: use(number)) for number in range(count)]
for thread in threads:
    thread.join()
print(len(told), [connection.execute("select 1").fetchone()[0] for connection in connections])
"""


@pytest.mark.parametrize("face", FACES)
def test_one_of_a_ring_of_threads_is_told(run_python, face):
    finished = run_python(SETUP + IN_A_RING, face)
    assert finished.stdout == "1 [1, 1, 1, 1]\n", finished.stderr


AT_THE_END = """
begun = threading.Event()

def step():
    work_for_ever(connect(), begun)

def call():
    def run():
        begun.set()
        while True:
            pass
    connect().execute("select ?", (Parameter(run),))

def wait():
    connection, owned = connect(), threading.Event()
    in_thread(lambda: work_for_ever(connection, owned), daemon=True)
    owned.wait()
    begun.set()
    connection.execute("select 1")

def sleep():
    path = sys.argv[3] + "/database"
    holder, waiter = connect(path), connect(path)
    for connection in (holder, waiter):
        connection.execute("pragma busy_timeout = 60000")
    holder.execute("begin exclusive")
    holders.append(holder)
    begun.set()
    waiter.execute("begin immediate")

def fetch():
    endless = ENDLESS.replace("count(*)", "i")
    for (number,) in connect().execute(endless, (1,)):
        begun.set()

holders = []
in_thread(globals()[sys.argv[2]], daemon=True)
begun.wait()
print("the end")
"""


@pytest.mark.parametrize("where", ["step", "call", "wait", "sleep", "fetch"])
@pytest.mark.parametrize("face", FACES)
def test_a_daemon_thread_within_a_query_does_not_spoil_the_exit(run_python, face, where, tmp_path):
    finished = run_python(SETUP + AT_THE_END, face, where, str(tmp_path))
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "the end\n", "")


FORKED = """
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
connection, begun = connect(), threading.Event()
thread = in_thread(lambda: work_for_ever(connection, begun))
begun.wait()
child = os.fork()
if child == 0:
    try:
        connection.execute("select 1")
    except driver.ProgrammingError as error:
        print("opened before the process was forked" if "fork" in str(error) else error, flush=True)
    print(connect().execute("select 5").fetchall(), flush=True)
    os._exit(0)
os.waitpid(child, 0)
while thread.is_alive():
    connection.interrupt()
print(connection.execute("select 6").fetchall())
"""


@pytest.mark.parametrize("face", FACES)
def test_a_fork_in_the_middle_of_a_query_leaves_it_alone(run_python, face):
    finished = run_python(SETUP + FORKED, face)
    assert finished.stdout.splitlines() == [
        "opened before the process was forked",
        "[(5,)]",
        "interrupted",
        "[(6,)]",
    ], finished.stderr


# CPython counts calls within each other itself, from 3.12 on those through C apart: here the stack
# is so small, that of the main thread too, that it would end before CPython ends the calls.
NESTED = """
import resource

sys.setrecursionlimit(10**6)
resource.setrlimit(resource.RLIMIT_STACK, (2**20, resource.getrlimit(resource.RLIMIT_STACK)[1]))
connection = connect()
deepest = 0

class Deeper:
    def __init__(self, depth):
        self.depth = depth

    def __conform__(self, protocol):
        global deepest
        deepest = max(deepest, self.depth)
        return connection.execute("select ?", (Deeper(self.depth + 1),)).fetchone()[0]

def nest():
    try:
        connection.execute("select ?", (Deeper(1),))
    except RecursionError as error:
        print(error, deepest > 5)
    print(connection.execute("select 5").fetchall())

nest()
threading.stack_size(512 * 1024)
deepest = 0
in_thread(nest).join()
"""


@pytest.mark.parametrize("face", FACES)
def test_calls_within_each_other_end_before_the_stack_does(run_python, face):
    finished = run_python(SETUP + NESTED, face)
    told = "calls of a connection within each other are nested too deep for the stack True\n"
    assert finished.stdout == 2 * (told + "[(5,)]\n"), finished.stderr
