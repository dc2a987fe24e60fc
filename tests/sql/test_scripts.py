"""Scripts of many statements: each is read where it lies, however long the script is."""

import pytest

import onecross.sql
import onecross.sql.sqlite3

# Were all that is left copied for each statement, this would take hours.
STATEMENTS = 200_000


@pytest.mark.parametrize(
    "module", [onecross.sql, onecross.sql.sqlite3], ids=lambda module: module.__name__
)
def test_a_script_of_many_statements_is_run_to_its_end(module):
    connection = module.connect(":memory:")
    connection.execute("create table item (number)")
    connection.commit()
    script = "insert into item values (1) -- one more\n;" * STATEMENTS
    connection.executescript(script)
    assert connection.execute("select count(*) from item").fetchone() == (STATEMENTS,)
    connection.close()
