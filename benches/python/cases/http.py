"""A list of 10,000 objects over loopback, from a server in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from measure import Contestant, Settings, Table, measure

from cases.rivals import ONECROSS

SERVER = Path(__file__).resolve().parents[1] / "http_server.py"
STRAWBERRY = "Strawberry's router and schema"
REQUEST = json.dumps({"query": "{ people { id name age score active } }"})
HEADERS = {"content-type": "application/json"}


@contextmanager
def served(kind: str, size: int) -> Iterator[HTTPConnection]:
    """Run a server, and connect to it once."""
    command = [sys.executable, str(SERVER), kind, str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            port = int(server.stdout.readline())
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            try:
                yield connection
            finally:
                connection.close()
        finally:
            server.terminate()


def ask(connection: HTTPConnection) -> bytes:
    """Send the request, and take the body of the response."""
    connection.request("POST", "/graphql", REQUEST, HEADERS)
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200
    return body


def document(body: bytes) -> Any:
    """The response as a document: its text may have been escaped."""
    return json.loads(body)


def tables(settings: Settings) -> Iterator[Table]:
    """Measure one request after another, on one connection to each server."""
    size = settings.size(full=10_000, small=10)
    with ExitStack() as stack:
        connections = {
            name: stack.enter_context(served(kind, size))
            for name, kind in ((ONECROSS, "onecross"), (STRAWBERRY, "strawberry"))
        }
        yield measure(
            f"http, a list of {size:,} by uvicorn and FastAPI",
            [
                Contestant(name, partial(ask, connection), comparable=document)
                for name, connection in connections.items()
            ],
            settings,
            goals={STRAWBERRY: 1 / 20},
        )
