"""Whose turn it is to read rows: one task's at a time."""


class Turn:
    """Entered by the one who reads, until it is done.

    Attributes:
        is_taken: Whether somebody reads.
    """

    __slots__ = ("is_taken",)

    def __init__(self) -> None:
        self.is_taken = False

    def __enter__(self) -> None:
        if self.is_taken:
            raise RuntimeError("these rows are being read by another task")
        self.is_taken = True

    def __exit__(self, *_exception: object) -> None:
        self.is_taken = False
