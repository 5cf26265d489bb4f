"""The rate limit of a token."""

from flask import Response

from sandbox.github import access, errors
from sandbox.github.middleware import rate
from sandbox.github.paging import answer
from sandbox.github.routes.family import Family

routes = Family("rate_limit")


@routes.get("/rate_limit")
def get_rate_limit() -> Response:
    """Get rate limit status for the authenticated user. This request does not count.

    docs.github.com/rest/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user
    """
    if access.store().site.is_server:
        raise errors.GitHubError(404, "Rate limiting is not enabled.")
    token = access.token()
    token.used["core"] -= 1
    core = rate(token)
    search = core | {"limit": 30, "used": 0, "remaining": 30}
    return answer(
        {
            "resources": {"core": core, "graphql": rate(token, "graphql"), "search": search},
            "rate": core,
        }
    )
