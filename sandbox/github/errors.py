"""GitHub's error answers: no other module makes error JSON.

A route raises the error that a function here returns. GitHub's errors name the documentation
section of the requested route; here the section is read from the docstring of the route.
"""

import json
import re
from typing import Any, Final

from flask import Response, current_app, request

_DOCUMENTATION: Final = re.compile(r"docs\.github\.com/rest/\S+")
_REST: Final = "https://docs.github.com/rest"
_LIMITS: Final = f"{_REST}/using-the-rest-api/rate-limits-for-the-rest-api"


class GitHubError(Exception):
    """An error answer."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        """Take status, message, further headers and further members of the JSON."""
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.body = {"message": message, **members}

    def response(self) -> Response:
        """The HTTP answer."""
        body = {"documentation_url": documentation_url(), **self.body, "status": str(self.status)}
        body = {"message": body.pop("message"), **body}
        return Response(
            json.dumps(body),
            self.status,
            self.headers,
            content_type="application/json; charset=utf-8",
        )


def documentation_url() -> str:
    """The documentation section of the requested route."""
    view = current_app.view_functions.get(request.endpoint or "")
    named = _DOCUMENTATION.search(view.__doc__ or "") if view else None
    return f"https://{named.group()}" if named else _REST


def not_found(message: str = "Not Found") -> GitHubError:
    """The object does not exist, or this token may not see it."""
    return GitHubError(404, message)


def bad_credentials() -> GitHubError:
    """The token is unknown."""
    return GitHubError(401, "Bad credentials", documentation_url=_REST)


def requires_authentication() -> GitHubError:
    """The request has no token."""
    return GitHubError(401, "Requires authentication")


def forbidden(message: str) -> GitHubError:
    """The object exists, but this token may not do that."""
    return GitHubError(403, message)


def archived() -> GitHubError:
    """A write to an archived repository."""
    return forbidden("Repository was archived so is read-only.")


def gone(message: str) -> GitHubError:
    """The object was removed or switched off on purpose."""
    return GitHubError(410, message)


def conflict(message: str) -> GitHubError:
    """The object changed in the meantime, or exists already."""
    return GitHubError(409, message)


def not_allowed(message: str) -> GitHubError:
    """The pull request cannot be merged."""
    return GitHubError(405, message)


def no_rules_in_plan() -> GitHubError:
    """Rules of a private repository with GitHub Free: reading them is refused as well."""
    return forbidden("Upgrade to GitHub Pro or make this repository public to enable this feature.")


def empty_repository() -> GitHubError:
    """A request for git data of a repository without a commit."""
    return conflict("Git Repository is empty.")


def bad_json() -> GitHubError:
    """The body is not valid JSON."""
    return GitHubError(400, "Problems parsing JSON")


def invalid(*reasons: str) -> GitHubError:
    """The body does not match the route's schema."""
    return GitHubError(422, "\n\n".join(("Invalid request.", *reasons)))


def unprocessable(message: str) -> GitHubError:
    """The body matches the schema, but GitHub does not accept its values."""
    return GitHubError(422, message)


def validation_failed(resource: str, field: str, code: str, message: str = "") -> GitHubError:
    """GitHub does not accept one member of the body."""
    error = {"resource": resource, "code": code, "field": field}
    if message:
        error["message"] = message
    return GitHubError(422, "Validation Failed", errors=[error])


def custom_failure(resource: str, message: str) -> GitHubError:
    """GitHub does not accept the body as a whole."""
    error = {"resource": resource, "code": "custom", "message": message}
    return GitHubError(422, "Validation Failed", errors=[error])


def validation_failed_simply(*errors: str) -> GitHubError:
    """The form that a few routes use: each error is a sentence."""
    return GitHubError(422, "Validation Failed", errors=list(errors))


def moved(location: str) -> GitHubError:
    """The repository was renamed or transferred."""
    safe = request.method in {"GET", "HEAD"}
    status, message = (301, "Moved Permanently") if safe else (307, "Temporary Redirect")
    return GitHubError(status, message, headers={"Location": location}, url=location)


def see_other(location: str) -> GitHubError:
    """The object to create exists already."""
    return GitHubError(303, "See Other", headers={"Location": location}, url=location)


def secondary_limit(status: int, retry_after: int | None) -> GitHubError:
    """Too many requests in a short time."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return GitHubError(
        status,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        headers=headers,
        documentation_url=f"{_LIMITS}#about-secondary-rate-limits",
    )


def primary_limit(login: str) -> GitHubError:
    """The token has no requests left in this hour."""
    return GitHubError(
        403,
        f"API rate limit exceeded for user {login}.",
        documentation_url=f"{_LIMITS}#about-primary-rate-limits",
    )


def injected(status: int) -> GitHubError:
    """The answer of an injected fault. For 409 it is GitHub's message about a moved branch."""
    messages = {
        409: "is at another commit but expected the one it was read at",
        502: "Server Error",
    }
    return GitHubError(status, messages.get(status, "Server Error"))


def not_emulated() -> GitHubError:
    """The emulator has no such route. 501 cannot be mistaken for a missing object."""
    return GitHubError(
        501,
        f"The sandbox does not emulate {request.method} {request.path}",
        method=request.method,
        path=request.path,
    )
