"""What can be done to connections and cursors: each step is one of these, with random arguments."""

import gc

TEXTS = [
    "select 1",
    "select ?",
    "select ?, ?",
    "select :a, :b",
    "select a, b from item",
    "select a, b from item where a is ? or b is ?",
    "select f(a), f(b, ?) from item",
    "select g(a) from item group by b",
    "select a from item order by b collate c",
    "insert into item values (?, ?)",
    "insert into item values (:a, :b)",
    "insert into item values (?, ?) returning a, b, f(a)",
    "insert into item values (f(?), ?)",
    "update item set a = f(b)",
    "delete from item",
    "create table item (a, b)",
    "create index by_b on item (b collate c)",
    "drop table item",
    "drop index by_b",
    "begin",
    "commit",
    "rollback",
    "savepoint s",
    "release s",
    "vacuum",
    "pragma integrity_check",
    "pragma user_version = 5",
    "with recursive n(i) as (select 1 union all select i + 1 from n limit 300) select i from n",
    "explain select 1",
    "attach ':memory:' as other",
    "detach other",
    "",
    ";",
    "-- nothing",
    "select 1; select 2",
    "select '\0'",
    "select '\ud800'",
    "select",
    "select x'616263', 'näme', 1e400, null, -9223372036854775808",
    "select cast(x'ff' as text)",
]
WORDS = [word for text in TEXTS for word in text.split()]


def connection(world):
    place = world.chance.randrange(len(world.connections))
    if world.connections[place] in world.closed and world.chance.randrange(5):
        world.closed.remove(world.connections[place])
        world.connections[place] = world.connect()
    return world.connections[place]


def cursor(world):
    if not world.cursors or world.chance.randrange(4) == 0:
        make_cursor(world)
    return world.chance.choice(world.cursors)


def text(world):
    chance = world.chance
    if chance.randrange(8) == 0:
        return " ".join(chance.choices(WORDS, k=chance.randrange(1, 8)))
    chosen = chance.choice(TEXTS)
    return "".join(list(chosen)) if chance.randrange(4) == 0 else chosen


def hostile(world):
    """Return a function that does what it likes."""

    def act(*_arguments):
        world.act_or_raise()
        return world.value()

    return act


def make_connection(world):
    if len(world.connections) < 4:
        world.connections.append(world.connect())


def make_cursor(world):
    chance = world.chance
    kind = type(connection(world).cursor())

    def factory(*arguments):
        world.act_or_raise()
        return kind(*arguments)

    made = chance.choice(
        [
            *20 * [lambda: connection(world).cursor()],
            lambda: connection(world).cursor(factory),
            lambda: connection(world).cursor(hostile(world)),
            lambda: kind.__new__(kind),
        ]
    )()
    world.cursors.append(made)


def fill(world):
    chosen = connection(world)
    chosen.execute("create table if not exists item (a, b)")
    chosen.executemany("insert into item values (?, ?)", [(n, f"text {n}") for n in range(20)])


def execute(world):
    world.cursors.append(connection(world).execute(text(world), world.parameters()))


def execute_again(world):
    cursor(world).execute(text(world), world.parameters())


def execute_without(world):
    cursor(world).execute(text(world))


def sets(world):
    for _ in range(world.chance.randrange(5)):
        world.act_or_raise()
        yield world.parameters()


def execute_many(world):
    chosen = sets(world) if world.chance.randrange(2) else list(sets(world))
    cursor(world).executemany(text(world), chosen)


def execute_script(world):
    script = "; ".join(text(world) for _ in range(world.chance.randrange(4)))
    cursor(world).executescript(script)


def fetch(world):
    chosen = cursor(world)
    world.chance.choice(
        [
            chosen.fetchone,
            chosen.fetchall,
            lambda: chosen.fetchmany(world.chance.choice([0, 1, 3, -1, 2**40])),
            lambda: next(chosen, None),
            lambda: list(chosen),
        ]
    )()


def look(world):
    chosen = world.chance.choice([cursor, connection])(world)
    names = [name for name in dir(type(chosen)) if not name.startswith("__")]
    with_values = getattr(chosen, world.chance.choice(names))
    repr(with_values)


def forget(world):
    chosen = world.chance.choice([world.cursors, world.kept])
    if chosen:
        chosen.pop(world.chance.randrange(len(chosen)))


def change(world):
    for array in world.kept:
        array[:] = b"changed"


def close(world):
    chosen = world.chance.choice([cursor, cursor, cursor, connection])(world)
    chosen.close()
    if chosen in world.connections:
        world.closed.append(chosen)
    else:
        world.cursors.remove(chosen)


def open_again(world):
    kind = type(connection(world))
    if world.chance.randrange(2):
        opened = connection(world)
        kind.__init__(opened, ":memory:")
        world.closed = [closed for closed in world.closed if closed is not opened]
    else:
        chosen = cursor(world)
        type(chosen).__init__(chosen, connection(world))


def interrupt(world):
    connection(world).interrupt()


def end(world):
    chosen = connection(world)
    world.chance.choice([chosen.commit, chosen.rollback])()


def enter(world):
    with connection(world):
        world.act_or_raise()


def set_factory(world):
    name = world.chance.choice(["row_factory", "text_factory"])
    chosen = world.chance.choice([cursor, connection])(world)
    if name == "text_factory" and chosen not in world.connections:
        return
    setattr(chosen, name, world.chance.choice([hostile(world), None, str, bytes, bytearray, 5]))


def prepare(world):
    chosen = connection(world)
    if not hasattr(chosen, "prepare"):
        return
    with chosen.prepare(text(world)) as statement:
        for _ in range(world.chance.randrange(3)):
            run = world.chance.choice([statement.execute, statement.executemany, statement])
            world.cursors.append(run(world.parameters()))
            world.act_or_raise()


def set_level(world):
    chosen = connection(world)
    name, values = world.chance.choice(
        [("isolation_level", [None, "", "immediate", 5]), ("autocommit", [True, False, -1, 5])]
    )
    if hasattr(chosen, name):
        setattr(chosen, name, world.chance.choice(values))


def collect(world):
    gc.collect()


def leave_garbage(world):
    """Leave a cycle with a statement that is running."""
    cycle = [connection(world).execute("select 1 union all select 2")]
    cycle.append(cycle)


def registrations(world):
    """Return what a connection can register: the method, and what it is given."""
    function = hostile(world)

    class Group:
        step = value = inverse = finalize = function

    return {
        "create_function": ("f", world.chance.choice([-1, 1, 2]), function),
        "create_aggregate": ("g", 1, Group),
        "create_window_function": ("g", 1, Group),
        "create_collation": ("c", function),
        "set_authorizer": (function,),
        "set_progress_handler": (function, world.chance.choice([1, 100])),
        "set_trace_callback": (function,),
    }


def register_callback(world):
    chosen = connection(world)
    name, arguments = world.chance.choice(list(registrations(world).items()))
    if hasattr(chosen, name):
        unset = world.chance.randrange(4) == 0
        arguments = (*arguments[:-1], None) if unset and callable(arguments[-1]) else arguments
        getattr(chosen, name)(*arguments)


def register_some(world, chosen):
    """Register functions and a collation, some of the time."""
    for name, arguments in list(registrations(world).items())[:4]:
        if hasattr(chosen, name) and world.chance.randrange(2):
            getattr(chosen, name)(*arguments)


def copy(world):
    chosen, target = connection(world), connection(world)
    if hasattr(chosen, "backup"):
        chosen.backup(target, pages=world.chance.choice([-1, 1]), progress=hostile(world))


def blob(world):
    chosen = connection(world)
    if hasattr(chosen, "blobopen"):
        row = chosen.execute("insert into item values (zeroblob(50), 1)").lastrowid
        opened = chosen.blobopen("item", "a", row)
        world.kept_blobs = [*getattr(world, "kept_blobs", []), opened][-5:]
        opened.write(b"bytes")
        world.act_or_raise()
        opened.read(5)
        opened[0:3] = b"abc"
        world.chance.choice(world.kept_blobs).read()


def serialize(world):
    chosen = connection(world)
    if hasattr(chosen, "serialize"):
        data = bytearray(chosen.serialize())
        for _ in range(world.chance.randrange(3) if data else 0):
            data[world.chance.randrange(len(data))] = world.chance.randrange(256)
        connection(world).deserialize(data)


def dump(world):
    chosen = connection(world)
    if hasattr(chosen, "iterdump"):
        for _ in chosen.iterdump():
            world.act_or_raise()


STEPS = [
    *3 * [execute, execute_again, execute_without, fetch, fill],
    *2 * [execute_many, execute_script, set_factory, register_callback, make_cursor],
    blob,
    change,
    close,
    collect,
    copy,
    dump,
    end,
    enter,
    forget,
    interrupt,
    leave_garbage,
    look,
    make_connection,
    open_again,
    prepare,
    serialize,
    set_level,
]
