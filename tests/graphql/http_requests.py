"""Requests that views of every framework are sent, right and wrong ones.

Their schemas have `items(count: Int)`, each with a `number`, a `name` and a field that is `broken`,
and a field that is `needed` and fails.
"""

from typing import Any

__all__ = ["COMMON"]

COMMON: dict[str, dict[str, Any]] = {
    "data": {"body": {"query": "{ items { number name } }"}},
    "no data": {"body": {"query": "{ needed }"}},
    "errors": {"body": {"query": "{ items { number broken } }"}},
    "variables": {
        "body": {
            "query": "query A($n: Int!) { items(count: $n) { name } } query B { needed }",
            "variables": {"n": 3},
            "operationName": "A",
        }
    },
    "wrong variables": {"body": {"query": "query ($n: Int!) { items(count: $n) { name } }"}},
    "wrong document": {"body": {"query": "{ unknown }"}},
    "wrong syntax": {"body": {"query": "{ items {"}},
    "no document": {"body": {}},
}
