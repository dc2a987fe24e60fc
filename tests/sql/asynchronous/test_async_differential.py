"""Any sequence of statements answers the same as the synchronous face, inline or by the worker."""

import asyncio

import hypothesis.strategies as st
from hypothesis import given

import onecross.sql as sql

NUMBERS = st.integers(-3, 3)
EXECUTIONS = st.one_of(
    st.tuples(st.just("insert into t values (?)"), st.tuples(NUMBERS)),
    st.tuples(st.just("update t set a = a + ?"), st.tuples(NUMBERS)),
    st.tuples(st.just("delete from t where a = ? returning a"), st.tuples(NUMBERS)),
    st.tuples(st.just("select a, rowid from t where a > ?"), st.tuples(NUMBERS)),
    st.tuples(st.just("select count(*), sum(a) from t"), st.just(())),
    st.tuples(st.just("select x.a from t as x, t as y, t as z limit 3000"), st.just(())),
    st.tuples(st.just("select 1 / ?, abs(-1 << 63)"), st.tuples(NUMBERS)),
    st.tuples(st.just("select a from nothing"), st.just(())),
    st.tuples(st.just("select ?"), st.just(())),
    st.tuples(st.just("pragma user_version"), st.just(())),
    st.tuples(st.sampled_from(["begin", "commit", "rollback", "savepoint s"]), st.just(())),
    st.tuples(st.sampled_from(["create table u (b)", "drop table u", ""]), st.just(())),
)
STEPS = st.one_of(
    st.tuples(st.just("execute"), EXECUTIONS),
    st.tuples(
        st.just("executemany"),
        st.tuples(st.just("insert into t values (?) returning a"), st.lists(st.tuples(NUMBERS))),
    ),
    st.tuples(st.just("executescript"), st.just(("insert into t values (9); delete from u;",))),
    st.tuples(st.sampled_from(["fetchone", "fetchall", "nextset", "close"]), st.just(())),
    st.tuples(st.just("fetchmany"), st.tuples(st.integers(-1, 1500))),
    st.tuples(st.sampled_from(["commit", "rollback", "enter", "leave", "fail"]), st.just(())),
)


class Plain:
    """The synchronous face, in the form of the other one."""

    def __init__(self):
        self.connection = sql.connect(":memory:")
        self.cursor = self.connection.cursor()

    async def call(self, thing, name, arguments):
        return getattr(thing, name)(*arguments)

    async def enter(self):
        self.connection.__enter__()

    async def leave(self, kind):
        self.connection.__exit__(kind, None, None)


class Awaited:
    """The asynchronous face."""

    def __init__(self, connection, cursor):
        self.connection = connection
        self.cursor = cursor

    async def call(self, thing, name, arguments):
        return await getattr(thing, name)(*arguments)

    async def enter(self):
        await self.connection.__aenter__()

    async def leave(self, kind):
        await self.connection.__aexit__(kind, None, None)


async def answer(face, step):
    name, arguments = step
    cursor, connection = face.cursor, face.connection
    try:
        match name:
            case "enter":
                got = await face.enter()
            case "leave" | "fail":
                got = await face.leave(LookupError if name == "fail" else None)
            case "commit" | "rollback":
                got = await face.call(connection, name, arguments)
            case _:
                got = await face.call(cursor, name, arguments)
    except (sql.Error, LookupError) as error:
        got = type(error), str(error)
    return (
        None if got is cursor else got,
        cursor.description,
        cursor.rowcount,
        cursor.lastrowid,
        cursor.rownumber,
        connection.in_transaction,
        connection.total_changes,
    )


async def compare(steps, inline_operations):
    plain = Plain()
    async with sql.aconnect(":memory:", inline_operations=inline_operations) as connection:
        awaited = Awaited(connection, await connection.cursor())
        for face in (plain, awaited):
            await answer(
                face, ("executescript", ("create table t (a); insert into t values (1);",))
            )
            many = ("insert into t values (?)", [(number,) for number in range(20)])
            await answer(face, ("executemany", many))
            await answer(face, ("commit", ()))
        for step in steps:
            assert await answer(awaited, step) == await answer(plain, step), step
            if step[0] in ("rollback", "fail"):
                # Rows that were read ahead are those of the transaction; the others are read anew.
                fresh = ("execute", ("select ?", (1,)))
                assert await answer(awaited, fresh) == await answer(plain, fresh)
        last = ("execute", ("select a from t", ()))
        assert await answer(awaited, last) == await answer(plain, last)
        rest = ("fetchall", ())
        assert await answer(awaited, rest) == await answer(plain, rest)
    plain.connection.close()


@given(st.lists(STEPS, max_size=20), st.sampled_from([0, 1000, 50_000]))
def test_any_sequence_of_calls_answers_the_same(steps, inline_operations):
    asyncio.run(compare(steps, inline_operations))
