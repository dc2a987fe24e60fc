"""Prints the tag of the interpreter that runs this, which names its folder under .venv."""

import sys

print(sys.implementation.cache_tag + sys.abiflags)
