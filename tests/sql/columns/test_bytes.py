"""What shows its bytes is stored as a BLOB if it is bytes, and never as the memory of numbers."""

import array
import ctypes
import mmap

import numpy as np
import pytest

from onecross.sql.errors import ColumnError

NUMBERS = [
    np.array([True, False]),
    np.array(["é"]),
    np.array([1, 2]),
    np.array(5.0),
    np.zeros((2, 2), "u1"),
    np.array(7, "u1"),
    np.ma.masked,
    array.array("d", [1.5]),
    memoryview(array.array("i", [1])),
    (ctypes.c_int * 2)(1, 2),
]
BYTES = [
    b"ab",
    bytearray(b"ab"),
    memoryview(b"ab"),
    array.array("B", b"ab"),
    np.frombuffer(b"ab", "u1"),
    (ctypes.c_ubyte * 2)(*b"ab"),
    (ctypes.c_char * 2)(*b"ab"),
]


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
def test_numbers_are_not_stored_as_their_memory(strict, value):
    strict.execute("create table t (x)")
    for data in ([(value,)], {"x": [value]}, [{"x": value}]):
        with pytest.raises(ColumnError, match=r"(column 'x'|column '1'), row 0: ") as refused:
            strict.insert("t", data)
        assert refused.value.row == 0
    assert strict.execute("select count(*) from t").fetchone() == (0,)


def test_bytes_are_stored_whoever_shows_them(strict):
    strict.create("t", {"x": BYTES})
    with mmap.mmap(-1, 2) as mapped:
        mapped[:] = b"ab"
        strict.insert("t", [(mapped,)])
    stored = strict.execute("select x from t").fetchall()
    assert stored == [(b"ab",)] * (len(BYTES) + 1)
