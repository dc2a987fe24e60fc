"""The rows of the native half of onecross: at runtime all of it is in `onecross._core`."""

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar, final

T = TypeVar("T")

@final
class Rows:
    """Rows that are read once, in the form that is asked for.

    They are the result of a query, which runs as they are read. Each form takes all rows that are
    left, but iteration, which takes one after the other, and `batches`. A value is of the type that
    its column is declared with, if that is one of BOOLEAN, DATE, DATETIME, TIMESTAMP, DECIMAL and
    JSON, or of the type that `types` asks for; else it is what the database has: neither a
    `row_factory`, nor a `text_factory`, nor a converter is asked.

    Rows speak Arrow's interface for Python: `polars.DataFrame(rows)`, `pyarrow.table(rows)`,
    `duckdb.sql("select * from rows")` and their like take them as they are, once; what `arrow()`
    answers can be taken any number of times.

    Example:
        ```python
        import onecross.sql

        connection = onecross.sql.connect(":memory:")
        connection.execute("create table seats (number integer, sold date)")
        connection.execute("insert into seats values (1, '2026-11-22'), (2, null)")
        rows = connection.query("select * from seats")
        assert rows.json() == b'[{"number":1,"sold":"2026-11-22"},{"number":2,"sold":null}]'
        ```
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns. A statement that was not run yet is run for them."""

    def __iter__(self) -> Self: ...
    def __next__(self) -> tuple[Any, ...]: ...
    def tuples(self) -> list[tuple[Any, ...]]:
        """All rows that are left, as tuples.

        Raises:
            ColumnError: A value is not of the type that its column is declared with. So it is with
                all forms; the error tells the column, the row and the value.
        """

    def dicts(self) -> list[dict[str, Any]]:
        """All rows that are left, as dicts.

        Raises:
            ProgrammingError: Two columns have the same name.
        """

    def to(self, kind: type[T], /, *, rename: Mapping[str, str] | None = None) -> list[T]:
        """All rows that are left, as instances of a class.

        Columns are known by their names: those of the attributes of a dataclass, a class of attrs
        or a named tuple, of the fields of a msgspec.Struct or a model of pydantic, or of what
        `__init__` takes. A `__init__`, `__post_init__` or validator of the class is run; where
        there is none, no Python code is.

        Args:
            kind: The class.
            rename: The names that some columns have in the class.

        Raises:
            ShapeError: There is no column for what the class asks for, or no place for a column.
        """

    def numpy(self, *, nulls: Literal["masked", "nan"] = "masked") -> dict[str, Any]:
        """All rows that are left, as NumPy's arrays: one for each column, by its name.

        Numbers, booleans, days and times without a zone are arrays of their types; all else are
        arrays of objects.

        Args:
            nulls: What stands for NULL: "masked" for a masked array where a column has any, "nan"
                for not-a-number, not-a-time or None.

        Raises:
            ColumnError: The values of a column are of different types; integers and floats are one,
                if each integer is equal to a float.
        """

    def arrow(self) -> ArrowStream:
        """All rows that are left, as columns in Arrow's layout.

        Raises:
            ColumnError: The values of a column are of different types; integers and floats are one,
                if each integer is equal to a float.
        """

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """All rows that are left, as a stream of Arrow's C interface."""

    def __arrow_c_schema__(self) -> Any:
        """The names and types of the columns, of Arrow's C interface.

        All rows are read for it, and none is taken.
        """

    def json(self, *, blobs: Literal["base64"] | None = None) -> bytes:
        """All rows that are left, as the JSON of a list of objects.

        Days and times are texts in ISO 8601, decimal numbers texts of their digits; what is
        declared as JSON becomes part of it as it stands.

        Args:
            blobs: What bytes become: "base64" for texts; they are an error otherwise.

        Raises:
            ColumnError: A value has no form in JSON.
        """

    def json_lines(self, *, blobs: Literal["base64"] | None = None) -> bytes:
        """The same, each row as an object in a line of its own."""

    def batches(self, size: int, /) -> Parts:
        """The rows in parts of at most `size` rows, each of which has all forms.

        No more than one part is read before it is asked for. The first fixes the types that columns
        have in the forms of columns; where it has nothing but NULL, the declared type counts.
        """

    def one(self) -> tuple[Any, ...]:
        """The only row.

        Raises:
            ProgrammingError: There is no row, or more than one.
        """

    def scalar(self) -> Any:
        """The only value of the only row.

        Raises:
            ProgrammingError: There is no row, more than one, or more than one column.
        """

    def column(self, name: str, /, *, nulls: Literal["masked", "nan"] = "masked") -> Any:
        """One column of all rows that are left, as an array of NumPy's.

        What the other columns hold does not matter.

        Raises:
            KeyError: There is no such column.
            ProgrammingError: Two columns have this name.
        """

    def close(self) -> None:
        """Ends the query; what was not read is given up."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_exception: object) -> None: ...
    def _repr_html_(self) -> str:
        """The first rows as a table, none of which is taken."""

@final
class Parts:
    """Gives rows in parts."""

    def __iter__(self) -> Self: ...
    def __next__(self) -> Rows: ...

@final
class ArrowStream:
    """Columns in Arrow's layout, which whoever speaks its interface for Python takes as they are.

    It can be taken any number of times.
    """

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """The columns as a stream of Arrow's C interface."""

    def __arrow_c_schema__(self) -> Any:
        """The names and types of the columns, of Arrow's C interface."""

    def __len__(self) -> int:
        """How many rows there are."""
