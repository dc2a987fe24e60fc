"""Objects that say they hand out Arrow data, and hand out something else."""

import ctypes

import polars as pl
import pyarrow as pa
import pytest

from onecross.sql.errors import ColumnError, ProgrammingError

capsule = ctypes.pythonapi.PyCapsule_New
capsule.restype = ctypes.py_object
capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
STREAM, SCHEMA, ARRAY = b"arrow_array_stream", b"arrow_schema", b"arrow_array"
NOTHING = (ctypes.c_void_p * 16)()


class Stream:
    def __init__(self, handed_out):
        self.handed_out = handed_out

    def __arrow_c_stream__(self, requested_schema=None):
        if isinstance(self.handed_out, Exception):
            raise self.handed_out
        return self.handed_out


class Array:
    def __init__(self, handed_out):
        self.handed_out = handed_out

    def __arrow_c_array__(self, requested_schema=None):
        return self.handed_out


def empty(name):
    return capsule(ctypes.addressof(NOTHING), name, None)


@pytest.mark.parametrize(
    ("handed_out", "error", "message"),
    [
        (None, TypeError, "no capsule"),
        (5, TypeError, "no capsule"),
        (empty(SCHEMA), ValueError, "incorrect name"),
        (empty(STREAM), TypeError, "taken before"),
        (LookupError("no stream"), LookupError, "no stream"),
    ],
)
def test_a_stream_that_is_none(strict, handed_out, error, message):
    with pytest.raises(error, match=message):
        strict.insert("t", Stream(handed_out))


def arrays():
    schema, array = pa.table({"x": [1]}).to_batches()[0].__arrow_c_array__()
    return [
        (None, TypeError, "two capsules"),
        ((schema,), TypeError, "two capsules"),
        ((schema, schema), ValueError, "incorrect name"),
        ((empty(SCHEMA), array), TypeError, "taken before"),
        ((schema, empty(ARRAY)), TypeError, "taken before"),
    ]


@pytest.mark.parametrize("case", range(5))
def test_an_array_that_is_none(strict, case):
    handed_out, error, message = arrays()[case]
    with pytest.raises(error, match=message):
        strict.insert("t", Array(handed_out))


def test_what_was_taken_is_taken_once(strict):
    handed_out = pa.table({"x": [1]}).__arrow_c_stream__()
    assert strict.create("t", Stream(handed_out)) == 1
    with pytest.raises(TypeError, match="taken before"):
        strict.insert("t", Stream(handed_out))


def test_one_column_is_no_table(strict):
    with pytest.raises(ProgrammingError, match="one column of Arrow's type Int64 was given"):
        strict.insert("t", pa.chunked_array([[1, 2]]))


def array_of(kind, offsets, data):
    offsets = b"".join(offset.to_bytes(4, "little") for offset in offsets)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(kind, len(offsets) // 4 - 1, buffers)


@pytest.mark.parametrize(
    "array",
    [
        array_of(pa.string(), [0, 1], b"\xff"),
        array_of(pa.string(), [0, 5, 1], b"abc"),
        array_of(pa.binary(), [2, 1, 2], b"abc"),
    ],
    ids=["not UTF-8", "offsets too large", "offsets that descend"],
)
def test_arrays_that_lie(strict, array):
    with pytest.raises(ValueError, match="Arrow data cannot be read"):
        strict.create("t", pa.table({"x": array}))
    assert strict.execute("select count(*) from sqlite_schema").fetchone() == (0,)


def test_a_stream_that_fails_in_the_middle_leaves_nothing(strict):
    def batches():
        yield pa.record_batch({"x": range(10)})
        raise OSError("the source is gone")

    schema = pa.schema({"x": pa.int64()})
    with pytest.raises(ValueError, match="the source is gone"):
        strict.create("t", pa.RecordBatchReader.from_batches(schema, batches()))
    assert strict.execute("select count(*) from sqlite_schema").fetchone() == (0,)


NOTHING_WITHIN = {
    "a column": (pl.DataFrame({"x": [None] * 3, "n": [1, 2, 3]}), [None] * 3),
    "no rows": (pl.DataFrame({"x": [], "n": pl.Series([], dtype=pl.Int64)}), []),
    "lists": (pl.DataFrame({"x": [[None], []], "n": [1, 2]}), ColumnError),
    "structs": (pl.DataFrame({"x": [{"y": None}], "n": [1]}), ColumnError),
    "many parts": (
        pl.concat([pl.DataFrame({"x": [None], "n": [n]}) for n in range(3)], rechunk=False),
        [None] * 3,
    ),
}


@pytest.mark.parametrize("kind", NOTHING_WITHIN)
def test_arrays_of_nothing_but_null_are_read_whatever_buffers_they_tell_of(strict, kind):
    frame, expected = NOTHING_WITHIN[kind]
    for data in (frame, frame.to_arrow()):
        strict.register("held", data, columns=["n"])
        assert strict.execute("select n from held").fetchall() == frame.select("n").rows()
        if expected is ColumnError:
            with pytest.raises(ColumnError, match="column 'x' is of Arrow's type"):
                strict.register("held", data)
            continue
        strict.register("held", data)
        assert [x for (x,) in strict.execute("select x from held")] == expected
        strict.register("held", {"x": data["x"]})
        assert [x for (x,) in strict.execute("select x from held")] == expected


def test_a_dictionary_of_nothing_is_read(strict):
    array = pa.DictionaryArray.from_arrays([0, None], pa.array([None], pa.null()))
    strict.register("held", pa.table({"x": array}))
    assert strict.execute("select x from held").fetchall() == [(None,), (None,)]


WIDE = pl.Series([1], dtype=pl.Int128)


def test_a_type_that_is_not_known_is_told_with_its_column(strict):
    strict.execute("create table t (big)")
    batch = WIDE.to_frame("big").with_columns(n=1)
    for data in (batch, {"n": [1], "big": WIDE}, {"big": WIDE}):
        for store in (strict.insert, strict.create, strict.register):
            with pytest.raises(ColumnError, match="column 'big' is of a type that is not known"):
                store("t", data)
        with pytest.raises(ColumnError, match="column 'big' is of a type that is not known"):
            strict.executemany("insert into t values (:big)", data)
    assert strict.execute("select * from t").fetchall() == []


TYPES = {
    "integers": pa.array([1, 2]),
    "texts": pa.array(["a", "b"]),
    "views": pa.array(["a", "b"], pa.string_view()),
    "looked up": pa.array(["a", "b"]).dictionary_encode(),
    "nothing": pa.nulls(2),
    "lists": pa.array([[1], [2]]),
    "structs": pa.array([{"a": 1}, {"a": 2}]),
    "large structs": pa.array([{"a": 1, "b": 1}, {"a": 2, "b": 2}]),
}
NESTED = ("lists", "structs", "large structs")
# Of texts and views of texts, the interface does not tell which they are.
OTHERS = [
    (first, second)
    for first in ("integers", "texts", "views", "looked up")
    for second in TYPES
    if first != second and {first, second} != {"texts", "views"}
]


def parts(*arrays):
    batches = [pa.record_batch({"n": pa.array([1, 2]), "x": array}) for array in arrays]
    return pa.RecordBatchReader.from_batches(batches[0].schema, iter(batches))


@pytest.mark.parametrize(("first", "second"), OTHERS)
def test_a_part_of_another_type_is_told_with_its_column(strict, first, second):
    with pytest.raises(ColumnError, match="column 'x' has another type in one part"):
        strict.create("t", parts(TYPES[first], TYPES[second]))
    strict.execute("create table t (n, x)")
    for store in (strict.insert, strict.register):
        with pytest.raises(ColumnError, match="column 'x' has another type in one part"):
            store("t", parts(TYPES[first], TYPES[second]))
    with pytest.raises(ColumnError, match="column 'x' has another type in one part"):
        strict.executemany("insert into t values (?, ?)", parts(TYPES[first], TYPES[second]))
    assert strict.execute("select * from t").fetchall() == []


def test_parts_of_more_columns_or_fewer_are_refused(strict):
    two = pa.record_batch({"a": [1], "b": [2]})
    for one in (two.select(["a"]), pa.record_batch({"a": [1], "b": [2], "c": [3]})):
        reader = pa.RecordBatchReader.from_batches(two.schema, iter([two, one]))
        with pytest.raises(ProgrammingError, match="what was given has another type in one part"):
            strict.create("t", reader)
    assert strict.execute("select count(*) from sqlite_schema").fetchone() == (0,)


@pytest.mark.parametrize("kind", TYPES)
def test_parts_of_one_type_are_read(strict, kind):
    if kind in NESTED:
        with pytest.raises(ColumnError, match="column 'x' is of Arrow's type"):
            strict.create("t", parts(TYPES[kind], TYPES[kind]))
    else:
        assert strict.create("t", parts(TYPES[kind], TYPES[kind])) == 4
