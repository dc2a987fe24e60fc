"""What onecross raises.

    OnecrossError
    ├── EncodingError (TypeError)                 a value has no form in JSON
    ├── InternalError (RuntimeError)              a defect in onecross itself
    ├── OptionError (ValueError)                  an option that could not be heeded
    └── ShapeError (TypeError)                    columns that a class does not fit

In brackets the builtin that each also is.
"""

__all__ = ["EncodingError", "InternalError", "OnecrossError", "OptionError", "ShapeError"]


class OnecrossError(Exception):
    """Everything that onecross raises on its own account.

    Attributes:
        code: A name of the kind of error that stays the same from version to version.
    """

    code = "onecross"


class EncodingError(OnecrossError, TypeError):
    """A value that should become JSON has no form there.

    The message says which part of the response it is in; the value's own error is the cause.
    """

    code = "encoding"


class InternalError(OnecrossError, RuntimeError):
    """A defect in onecross stopped the call; the process and its data are unharmed.

    Please report it with the message, which names the place in onecross.
    """

    code = "internal"


class OptionError(OnecrossError, ValueError):
    """An option was given where it could not be heeded.

    The message says what to do instead.
    """

    code = "option"


class ShapeError(OnecrossError, TypeError):
    """The columns of a result are not those that a class asks for.

    The message names what is missing, and what there is no place for.
    """

    code = "shape"
