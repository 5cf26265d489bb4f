"""Errors of AWS: a code, a message and a status, as XML."""

from html import escape

#: Statuses of IAM's error codes (IAM API Reference: errors of each action); others are 400.
_STATUS = {
    "AccessDenied": 403,
    "DeleteConflict": 409,
    "EntityAlreadyExists": 409,
    "LimitExceeded": 409,
    "NoSuchEntity": 404,
    "NotEmulated": 501,
}


class RefusedError(Exception):
    """AWS refuses the request."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status of the code."""
        return _STATUS.get(self.code, 400)

    @property
    def xml(self) -> str:
        """The body of the answer in AWS's query protocol."""
        return (
            '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
            f"<Error><Type>Sender</Type><Code>{escape(self.code, quote=False)}</Code>"
            f"<Message>{escape(self.message, quote=False)}</Message></Error>"
            "<RequestId>sandbox</RequestId></ErrorResponse>"
        )


def not_emulated(what: str) -> RefusedError:
    """The sandbox's own refusal of a request whose result it would have to guess."""
    return RefusedError("NotEmulated", f"The sandbox does not evaluate {what}")


def invalid(value: object, name: str, constraint: str) -> RefusedError:
    """The refusal of a value that violates a constraint of the API's model."""
    return RefusedError(
        "ValidationError",
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: "
        f"{constraint}",
    )
