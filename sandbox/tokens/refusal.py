"""How the issuer says no."""


class TokenRefusedError(Exception):
    """A run that cannot be, or a job that gets no token; the text says why."""

    def __init__(self, status: int, message: str) -> None:
        """An HTTP status and a sentence.

        401 for a wrong request token, 403 for a job that may not have an id-token, 404 for what is
        not there, 422 for a run that GitHub could not have started, 501 for what is not emulated.
        """
        super().__init__(message)
        self.status = status
        self.message = message
