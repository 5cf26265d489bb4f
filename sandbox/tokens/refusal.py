"""The error answers of the issuer."""


class TokenRefusedError(Exception):
    """The run is impossible, or the job gets no token; the text has the reason."""

    def __init__(self, status: int, message: str) -> None:
        """Take an HTTP status and a sentence.

        401: the request token is wrong. 403: the job may not have an id-token. 404: the object does
        not exist. 422: GitHub could not have started the run. 501: the sandbox does not emulate it.
        """
        super().__init__(message)
        self.status = status
        self.message = message
