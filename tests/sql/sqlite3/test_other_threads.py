"""What of a connection another thread may ask for, though `check_same_thread` is on."""

import sqlite3 as stdlib
import threading

import pytest

from onecross.sql import sqlite3 as ours


def set_level(level):
    def set_level_of(connection):
        connection.isolation_level = level

    return set_level_of


QUESTIONS = {
    "in_transaction": lambda connection: connection.in_transaction,
    "total_changes": lambda connection: connection.total_changes,
    "isolation_level": lambda connection: connection.isolation_level,
    "a level": set_level("IMMEDIATE"),
    "no level": set_level(None),
    "enter": lambda connection: connection.__enter__() is connection,
    "exit": lambda connection: connection.__exit__(None, None, None),
    "row_factory": lambda connection: connection.row_factory,
    "commit": lambda connection: connection.commit(),
    "cursor": lambda connection: connection.cursor(),
    "interrupt": lambda connection: connection.interrupt(),
}


def in_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
def test_another_thread_is_answered_as_by_the_standard_library(name, is_open):
    def answers(sqlite3):
        answers = []

        def ask():
            try:
                answers.append(QUESTIONS[name](connection))
            except sqlite3.Error as error:
                answers.append((type(error).__name__, str(error).partition("thread id")[0]))

        connection = sqlite3.connect(":memory:")
        connection.execute("create table t (a)")
        connection.execute("insert into t values (1)")
        if not is_open:
            connection.close()
        in_thread(ask)
        if is_open:
            answers.append((connection.in_transaction, connection.isolation_level))
            connection.close()
        return answers

    assert answers(ours) == answers(stdlib)


def test_another_thread_need_not_wait_until_a_query_is_done():
    connection = ours.connect(":memory:")
    told = []

    def ask_elsewhere():
        in_thread(lambda: told.append((connection.in_transaction, connection.total_changes)))

    connection.create_function("ask_elsewhere", 0, ask_elsewhere)
    connection.execute("select ask_elsewhere()")
    assert told == [(False, 0)]
    connection.close()
