"""A table with a value of each type in each column, and one with none."""

import pytest

TABLE = """
    create table facts (
        number integer, share real, name text, data blob, sold boolean, day date, moment datetime,
        price decimal text, extra json
    )
"""
FULL = (1, 2.5, "Ä", b"\x00\xff", 1, "2026-11-22", "2026-11-22 10:11:12.5", "1.10", '{"k": [1]}')


@pytest.fixture
def facts(strict):
    strict.execute(TABLE)
    strict.execute(f"insert into facts values ({', '.join('?' * 9)})", FULL)
    strict.execute("insert into facts default values")
    strict.commit()
    return strict
