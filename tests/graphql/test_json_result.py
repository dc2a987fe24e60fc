"""`JsonResult`: the bytes of a response, given out without a copy."""

import ctypes
import io
import socket
from typing import Any

import pytest
from reference import build

from onecross.graphql import Engine, JsonResult

ENGINE = Engine(build("type Query { a: String b: Int }"))
BODY = b'{"data":{"a":"x"}}'


def answer(value: Any = "x", query: str = "{ a }") -> JsonResult:
    return ENGINE.execute_json_sync(query, {"a": value, "b": value})


def address_of(view: memoryview) -> int | None:
    address, length = ctypes.c_void_p(), ctypes.c_ssize_t()
    function = ctypes.pythonapi.PyObject_AsReadBuffer
    function.argtypes = [ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p]
    function(view, ctypes.byref(address), ctypes.byref(length))
    assert length.value == view.nbytes
    return address.value


def test_bytes() -> None:
    result = answer()
    assert bytes(result) == BODY
    assert type(bytes(result)) is bytes
    assert bytes(result) is bytes(result)
    assert len(result) == len(BODY)
    assert bytes(result).decode() == '{"data":{"a":"x"}}'


def test_the_buffer() -> None:
    result = answer()
    view = memoryview(result)
    assert (view.format, view.itemsize, view.ndim, view.readonly) == ("B", 1, 1, True)
    assert (view.contiguous, view.nbytes, view.shape) == (True, len(BODY), (len(BODY),))
    assert view == BODY
    assert view[1:7].tobytes() == b'"data"'
    with pytest.raises(TypeError, match="read-only"):
        view[0] = 0


def test_the_buffer_is_not_a_copy() -> None:
    result = answer("x" * 100_000)
    assert address_of(memoryview(result)) == address_of(memoryview(result))
    assert address_of(memoryview(result)) == address_of(memoryview(bytes(result)))


def test_a_view_outlives_its_result() -> None:
    view = memoryview(answer("long " * 1000))
    others = [answer("other " * 1000) for _ in range(50)]
    assert view.tobytes() == b'{"data":{"a":"' + b"long " * 1000 + b'"}}'
    assert len(others) == 50


def test_what_takes_bytes_takes_a_result() -> None:
    result = answer()
    file = io.BytesIO()
    assert file.write(result) == len(BODY)
    assert file.getvalue() == BODY
    assert b"".join([result, b"\n"]) == BODY + b"\n"
    assert bytearray(result) == BODY
    sender, receiver = socket.socketpair()
    with sender, receiver:
        sender.sendall(result)
        assert receiver.recv(1000) == BODY


def test_equality_and_hash() -> None:
    assert answer() == answer()
    assert answer() == BODY
    assert BODY == answer()  # noqa: SIM300 - the other way round is another method
    assert answer() != answer("y")
    assert answer() != BODY[:-1]
    assert answer() != BODY.decode()
    assert answer() is not None
    assert hash(answer()) == hash(answer()) == hash(BODY)
    assert {answer(), answer(), BODY} == {BODY}


def test_repr_is_short() -> None:
    assert repr(answer()) == "<JsonResult: 18 bytes, 0 errors>"
    assert repr(answer({}, "{ a b }")).endswith(" bytes, 2 errors>")
    assert len(repr(answer("x" * 10_000))) < 60


def test_errors_and_extensions() -> None:
    good = answer()
    assert (good.errors, good.extensions, good.is_request_error) == (None, None, False)
    bad = answer({}, "{ a b }")
    assert [error.path for error in bad.errors] == [["a"], ["b"]]
    assert (bad.extensions, bad.is_request_error) == (None, False)
    refused = answer(1, "{ c }")
    assert [error.path for error in refused.errors] == [None]
    assert (refused.extensions, refused.is_request_error) == (None, True)


def test_a_result_cannot_be_made_or_changed_by_hand() -> None:
    with pytest.raises(TypeError):
        JsonResult()
    with pytest.raises(AttributeError):
        answer().errors = []


@pytest.mark.parametrize("size", [0, 1, 400, 511, 512, 513, 4096, 70_000, 1_000_003])
def test_sizes_about_the_growth_of_the_buffer(size: int) -> None:
    for text in ("x" * size, "\n" * size, "é" * size, "😀" * size):
        assert len(answer(text)) == len(bytes(answer(text)))
        escaped = text.replace("\n", "\\n").encode()
        assert bytes(answer(text)) == b'{"data":{"a":"' + escaped + b'"}}'
