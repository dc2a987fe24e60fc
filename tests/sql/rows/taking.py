"""What is done with rows before a form is asked for, and how they are taken one by one."""

from onecross.sql import ColumnError

# No float is equal to it.
GREAT = 2**53 + 1


def nothing(rows):
    return 0


def look(rows):
    rows._repr_html_()
    return 0


def take_one(rows):
    next(rows)
    return 1


def until_error(rows):
    """The rows one by one, and the error behind them."""
    read = []
    try:
        read.extend(rows)
    except ColumnError as error:
        assert next(rows, None) is None
        return read, (error.column, error.row, error.value)
    return read, None
