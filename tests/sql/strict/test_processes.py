"""What a connection does after a fork."""

AFTER_A_FORK = """
import gc, os, sys
import onecross.sql as sql

connection = sql.connect(sys.argv[1])
connection.execute("create table t (a)")
connection.commit()
connection.execute("insert into t values (1)")
reading = connection.execute("select 1 union select 2")
statement = connection.prepare("select 1")

child = os.fork()
if child == 0:
    try:
        uses = [
            connection.commit, connection.rollback, connection.close, connection.cursor,
            connection.__enter__, reading.fetchone, reading.close, statement.execute,
            lambda: connection.execute("select 1"), lambda: connection.in_transaction,
        ]
        for use in uses:
            try:
                use()
            except sql.ProgrammingError as error:
                assert "before the process was forked" in str(error), (use, error)
            else:
                raise AssertionError(use)
        del uses, use, connection, reading, statement
        gc.collect()
        with sql.connect(sys.argv[1], timeout=0) as own:
            assert own.execute("select count(*) from t").fetchone() == (0,)
        os._exit(0)
    except BaseException as error:
        print(repr(error), flush=True)
        os._exit(1)

_, status = os.waitpid(child, 0)
assert status == 0
connection.execute("insert into t values (2)")
connection.commit()
assert connection.execute("select a from t").fetchall() == [(1,), (2,)]
assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
print("unharmed")
"""


def test_a_fork_refuses_what_is_the_parents_and_leaves_it_unharmed(run_python, path):
    answer = run_python(AFTER_A_FORK, str(path))
    assert answer.stdout == "unharmed\n", answer.stderr
