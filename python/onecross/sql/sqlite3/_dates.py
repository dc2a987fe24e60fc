"""The adapters and converters of dates that `sqlite3` registers, with its warnings from 3.12 on."""

import datetime
import sys
import warnings

from onecross._core import register_adapter, register_converter

_ARE_DEPRECATED = sys.version_info >= (3, 12)


def _warn(what: str) -> None:
    if _ARE_DEPRECATED:
        message = (
            f"The default {what} is deprecated as of Python 3.12; see the sqlite3 documentation "
            "for suggested replacement recipes"
        )
        # The frames are this one, that of what is called, and that of whoever runs the statement.
        warnings.warn(message, DeprecationWarning, stacklevel=3)


def _adapt_date(date: datetime.date) -> str:
    _warn("date adapter")
    return date.isoformat()


def _adapt_datetime(moment: datetime.datetime) -> str:
    _warn("datetime adapter")
    return moment.isoformat(" ")


def _convert_date(text: bytes) -> datetime.date:
    _warn("date converter")
    year, month, day = map(int, text.split(b"-"))
    return datetime.date(year, month, day)


def _convert_timestamp(text: bytes) -> datetime.datetime:
    _warn("timestamp converter")
    date, time = text.split(b" ")
    year, month, day = map(int, date.split(b"-"))
    seconds, *fraction = time.split(b".")
    hour, minute, second = map(int, seconds.split(b":"))
    # Of more than two parts no second one counts, and of more than six digits no seventh.
    microsecond = int(fraction[0].decode()[:6].ljust(6, "0")) if len(fraction) == 1 else 0
    return datetime.datetime(year, month, day, hour, minute, second, microsecond)


def register() -> None:
    """Registers them, once, when `sqlite3` is imported."""
    register_adapter(datetime.date, _adapt_date)
    register_adapter(datetime.datetime, _adapt_datetime)
    register_converter("date", _convert_date)
    register_converter("timestamp", _convert_timestamp)
