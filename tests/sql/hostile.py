"""Random things done to connections and cursors, by whoever gets the chance in the middle of them.

python tests/sql/hostile.py <first seed> <how many>
"""

import gc
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from random import Random

import hostile_steps

import onecross.sql
import onecross.sql.sqlite3
from onecross.sql import errors

FACES = [onecross.sql, onecross.sql.sqlite3]

# How many steps may be taken within each other, and how many in all.
DEEPEST = 12
STEPS = 60


class HostileError(Exception):
    """What hostile code raises."""


# What may be raised: PEP 249's tree, what Python raises for wrong arguments, what we raise; and,
# where warnings are errors, what `sqlite3` warns of from 3.12 on.
EXPECTED = (
    errors.Error,
    errors.Warning,
    HostileError,
    AttributeError,
    BufferError,
    DeprecationWarning,
    LookupError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


class World:
    """Connections, cursors, and the chance by which everything is done to them."""

    def __init__(self, seed):
        self.chance = Random(seed)
        self.module = self.chance.choice(FACES)
        self.connections = []
        self.closed = []
        self.cursors = []
        self.kept = []
        self.left = STEPS
        self.depth = 0
        self.told = []
        self.connections.append(self.connect())

    def connect(self):
        connection = self.module.connect(":memory:")
        connection.execute("create table item (a, b)")
        connection.executemany("insert into item values (?, ?)", [(n, f"t {n}") for n in range(9)])
        connection.commit()
        hostile_steps.register_some(self, connection)
        return connection

    def act(self):
        """Take a step, if one is left."""
        if self.left == 0 or self.depth == DEEPEST:
            return
        self.left -= 1
        self.depth += 1
        try:
            step = self.chance.choice(hostile_steps.STEPS)
            step(self)
        except EXPECTED as error:
            self.told.append(error)
            # An error holds on to all that was going on: no test for what is let go.
            error.__traceback__ = None
        finally:
            self.depth -= 1

    def act_or_raise(self):
        """What hostile code does when it is called."""
        what = self.chance.randrange(5)
        if what < 3:
            self.act()
        elif what == 3:
            raise self.chance.choice([HostileError, TypeError, KeyError, IndexError])("hostile")

    def value(self):
        """Return an answer: most often one that there may be."""
        return self.chance.choice(
            [
                None,
                1,
                -(2**63),
                2**64,
                1.5,
                float("nan"),
                "text",
                "näme",
                "\ud800",
                b"bytes",
                object(),
            ]
        )

    def parameter(self):
        chance = self.chance
        kind = chance.randrange(12)
        if kind < 5:
            return self.value()
        return chance.choice(
            [Conforming, Adapted, Text, Integer, Real, HostileBytes, HostileArray, NoValue]
        ).of(self)

    def parameters(self):
        chance = self.chance
        values = [self.parameter() for _ in range(chance.choice([0, 1, 1, 2, 2, 2, 3]))]
        return chance.choice(
            [
                *4 * [lambda: tuple(values)],
                *4 * [lambda: list(values)],
                lambda: Shrinking(self, values),
                lambda: LyingSequence(self, values),
                lambda: LyingTuple(values),
                lambda: {"a": self.parameter(), "b": self.parameter()},
                lambda: LyingMapping(self),
                lambda: LyingDict(self),
                lambda: self.parameter(),
                lambda: iter(values),
            ]
        )()

    def end(self):
        """Close what is left; it must be possible, and SQLite still answer."""
        self.left = 0
        for connection in self.connections:
            with suppress(*EXPECTED):
                connection.row_factory = None
                connection.text_factory = str
            with suppress(*EXPECTED):
                connection.rollback()
            with suppress(*EXPECTED):
                connection.close()
        self.connections.clear()
        self.closed.clear()
        self.cursors.clear()
        self.kept.clear()
        gc.collect()
        connection = self.module.connect(":memory:")
        assert connection.execute("select 1").fetchall() == [(1,)]
        connection.close()


class Hostile:
    """Does something whenever it is asked for anything."""

    world = None

    @classmethod
    def of(cls, world):
        made = cls()
        made.world = world
        return made


class Conforming(Hostile):
    def __conform__(self, protocol):
        self.world.act_or_raise()
        return self.world.value()


class Adapted(Hostile):
    def adapt(self):
        self.world.act_or_raise()
        return self.world.value()


for face in FACES:
    face.register_adapter(Adapted, Adapted.adapt)


class NoValue(Hostile):
    def __index__(self):
        self.world.act_or_raise()
        return 5

    __float__ = __index__

    def __getattr__(self, name):
        self.world.act_or_raise()
        raise AttributeError(name)

    def __len__(self):
        self.world.act_or_raise()
        return 5


class Text(str):
    @classmethod
    def of(cls, world):
        made = cls(world.chance.choice(["text", "näme", "a\0b", "\ud800"]))
        made.world = world
        return made

    def __str__(self):
        self.world.act_or_raise()
        return "other"

    def encode(self, *_arguments):
        self.world.act_or_raise()
        return b"other"

    def __len__(self):
        return 10**9

    def __hash__(self):
        self.world.act_or_raise()
        return 5

    def __eq__(self, other):
        self.world.act_or_raise()
        return True


class Integer(int):
    @classmethod
    def of(cls, world):
        made = cls(world.chance.choice([1, 2**63, -(2**70)]))
        made.world = world
        return made

    def __index__(self):
        self.world.act_or_raise()
        return 7

    __int__ = __index__


class Real(float):
    @classmethod
    def of(cls, world):
        made = cls(world.chance.choice(["nan", "inf", "2.5"]))
        made.world = world
        return made

    def __float__(self):
        self.world.act_or_raise()
        return 7.5


class HostileBytes(bytes):
    @classmethod
    def of(cls, world):
        made = cls(b"bytes")
        made.world = world
        return made

    def __bytes__(self):
        self.world.act_or_raise()
        return b"other"

    def __len__(self):
        return 10**9


class HostileArray:
    """Bytes that others may change, or that are gone."""

    @staticmethod
    def of(world):
        array = bytearray(b"bytes" * 100)
        world.kept.append(array)
        view = memoryview(array)[:: world.chance.choice([1, 2, -1])]
        if world.chance.randrange(3) == 0:
            view.release()
        return world.chance.choice([array, view])


class Shrinking(list):
    """A list that is not what it was."""

    def __init__(self, world, values):
        super().__init__(values)
        self.world = world

    def __len__(self):
        self.world.act_or_raise()
        return super().__len__()

    def __getitem__(self, place):
        self.clear()
        self.world.act_or_raise()
        return self.world.parameter()


class LyingSequence(Sequence):
    def __init__(self, world, values):
        self.world, self.values = world, values

    def __len__(self):
        self.world.act_or_raise()
        return self.world.chance.choice([len(self.values), len(self.values), 1, 2, 2**62])

    def __getitem__(self, place):
        self.world.act_or_raise()
        return self.values[place]


class LyingTuple(tuple):
    __slots__ = ()

    def __len__(self):
        return 1

    def __getitem__(self, place):
        return "lie"

    def __iter__(self):
        return iter("lies")


class LyingMapping(Mapping):
    def __init__(self, world):
        self.world = world

    def __getitem__(self, key):
        self.world.act_or_raise()
        return self.world.parameter()

    def __iter__(self):
        self.world.act_or_raise()
        return iter("ab")

    def __len__(self):
        self.world.act_or_raise()
        return 2


class LyingDict(dict):
    def __init__(self, world):
        super().__init__(a=1)
        self.world = world

    def __missing__(self, key):
        self.world.act_or_raise()
        return self.world.parameter()


def check_seed(seed):
    """Do random things; answer what was told of them."""
    unraisable = []
    before = sys.unraisablehook
    # Aggregates are ended with a statement that is dropped, when there is nobody to tell.
    sys.unraisablehook = lambda told: unraisable.append(told.exc_type)
    try:
        world = World(seed)
        while world.left:
            world.act()
        world.end()
    finally:
        sys.unraisablehook = before
    assert all(issubclass(kind, EXPECTED) for kind in unraisable), unraisable
    return world.told


def main():
    first, count = map(int, sys.argv[1:])
    for seed in range(first, first + count):
        # The last one that is told is the one that the process died of.
        print(seed, flush=True)
        check_seed(seed)


if __name__ == "__main__":
    main()
