"""GitHub's refusals: the only place that makes error JSON.

A route raises what a function here returns. The address of the documentation is the one that the
route's own docstring names, as GitHub's errors name the section of the route that was asked.
"""

import json
import re
from typing import Any, Final

from flask import Response, current_app, request

_DOCUMENTATION: Final = re.compile(r"docs\.github\.com/rest/\S+")
_REST: Final = "https://docs.github.com/rest"
_LIMITS: Final = f"{_REST}/using-the-rest-api/rate-limits-for-the-rest-api"


class GitHubError(Exception):
    """An answer that is no success."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        """Status and message, further headers and members of the JSON."""
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.body = {"message": message, **members}

    def response(self) -> Response:
        """The answer itself."""
        body = {"documentation_url": documentation_url(), **self.body, "status": str(self.status)}
        body = {"message": body.pop("message"), **body}
        return Response(
            json.dumps(body),
            self.status,
            self.headers,
            content_type="application/json; charset=utf-8",
        )


def documentation_url() -> str:
    """The section that the present route imitates."""
    view = current_app.view_functions.get(request.endpoint or "")
    named = _DOCUMENTATION.search(view.__doc__ or "") if view else None
    return f"https://{named.group()}" if named else _REST


def not_found(message: str = "Not Found") -> GitHubError:
    """It does not exist, or this token may not see it."""
    return GitHubError(404, message)


def bad_credentials() -> GitHubError:
    """A token that GitHub does not know."""
    return GitHubError(401, "Bad credentials", documentation_url=_REST)


def requires_authentication() -> GitHubError:
    """No token at all."""
    return GitHubError(401, "Requires authentication")


def forbidden(message: str) -> GitHubError:
    """It exists and this token may not do that."""
    return GitHubError(403, message)


def archived() -> GitHubError:
    """A write to a repository that is read-only."""
    return forbidden("Repository was archived so is read-only.")


def gone(message: str) -> GitHubError:
    """It is not there on purpose."""
    return GitHubError(410, message)


def conflict(message: str) -> GitHubError:
    """It changed in the meantime, or exists already."""
    return GitHubError(409, message)


def empty_repository() -> GitHubError:
    """A question about the git data of a repository without a commit."""
    return conflict("Git Repository is empty.")


def bad_json() -> GitHubError:
    """The body is no JSON object."""
    return GitHubError(400, "Problems parsing JSON")


def invalid(*reasons: str) -> GitHubError:
    """A body that does not fit the route's schema."""
    return GitHubError(422, "\n\n".join(("Invalid request.", *reasons)))


def unprocessable(message: str) -> GitHubError:
    """Well formed, and still not acceptable."""
    return GitHubError(422, message)


def validation_failed(resource: str, field: str, code: str, message: str = "") -> GitHubError:
    """A member of the body that GitHub does not accept."""
    error = {"resource": resource, "code": code, "field": field}
    if message:
        error["message"] = message
    return GitHubError(422, "Validation Failed", errors=[error])


def validation_failed_simply(*errors: str) -> GitHubError:
    """The form that a few routes use: errors are sentences."""
    return GitHubError(422, "Validation Failed", errors=list(errors))


def moved(location: str) -> GitHubError:
    """A repository that was renamed or transferred."""
    safe = request.method in {"GET", "HEAD"}
    status, message = (301, "Moved Permanently") if safe else (307, "Temporary Redirect")
    return GitHubError(status, message, headers={"Location": location}, url=location)


def see_other(location: str) -> GitHubError:
    """What was to be made exists already."""
    return GitHubError(303, "See Other", headers={"Location": location}, url=location)


def secondary_limit(status: int, retry_after: int | None) -> GitHubError:
    """Too many requests at a time."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return GitHubError(
        status,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        headers=headers,
        documentation_url=f"{_LIMITS}#about-secondary-rate-limits",
    )


def primary_limit(login: str) -> GitHubError:
    """The hour's requests are used up."""
    return GitHubError(
        403,
        f"API rate limit exceeded for user {login}.",
        documentation_url=f"{_LIMITS}#about-primary-rate-limits",
    )


def injected(status: int) -> GitHubError:
    """What a fault answers. 409 is GitHub's word for a branch that moved meanwhile."""
    messages = {
        409: "is at another commit but expected the one it was read at",
        502: "Server Error",
    }
    return GitHubError(status, messages.get(status, "Server Error"))


def not_emulated() -> GitHubError:
    """A route that this emulator lacks: loud, and never mistaken for a missing object."""
    return GitHubError(
        501,
        f"The sandbox does not emulate {request.method} {request.path}",
        method=request.method,
        path=request.path,
    )
