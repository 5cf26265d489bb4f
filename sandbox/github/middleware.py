"""Steps before and after every route.

Before: faults, authentication, rate limit. After: faults that lose the answer, entity tags and 304,
rate-limit headers, links to other pages, request count. A latency fault sleeps here, where the
store is not locked.
"""

import hashlib
import logging
import socket
import time
from typing import Final

from flask import Flask, Response, g, request

from sandbox.github import access, errors
from sandbox.github.accounts import Token, TokenKind
from sandbox.github.faults import Fault, Kind
from sandbox.github.paging import answer
from sandbox.github.request_log import WRITES
from sandbox.github.route_permissions import permissions_of
from sandbox.github.route_template import API, GRAPHQL, below, documented_route, route_template
from sandbox.github.site import SERVER_VERSION

_HOUR: Final = 3600
_LOG: Final = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Add these steps to every request of the application."""
    app.before_request(_before)
    app.after_request(_after)


def rate(token: Token, resource: str = "core") -> dict[str, int]:
    """The token's rate limit for a resource (`core` or `graphql`), and how much of it is left."""
    _turn_the_hour(token)
    used = token.used[resource]
    return {
        "limit": token.rate_limit,
        "used": used,
        "remaining": max(token.rate_limit - used, 0),
        "reset": token.window + _HOUR,
    }


def _is_api() -> bool:
    return request.path.startswith(f"{API}/") or request.path == GRAPHQL


def _resource() -> str:
    return "graphql" if request.path == GRAPHQL else "core"


def _before() -> Response | None:
    if not _is_api():
        return None
    state = access.store()
    g.started = time.monotonic()
    struck = state.faults.strike(request.method, below(request.path))
    g.late = [fault for fault in struck if fault.after]
    failure = _answer_of_faults([fault for fault in struck if not fault.after])
    if failure is not None:
        return failure
    if request.routing_exception is not None:
        return None
    access.authenticate()
    token = access.token()
    with state.lock:
        _turn_the_hour(token)
        limited = not state.site.is_server
        if limited and token.used[_resource()] >= token.rate_limit:
            return _primary_limit()
        token.used[_resource()] += 1
    return None


def _after(response: Response) -> Response:
    if not _is_api():
        return response
    state = access.store()
    response = _answer_of_faults(g.get("late", [])) or response
    if request.method == "GET" and response.status_code == 200:  # noqa: PLR2004 - HTTP's own
        response.set_etag(_entity_tag(response), weak=True)
        response.make_conditional(request)
    headers = response.headers
    headers["Vary"] = "Accept, Authorization, Cookie"
    headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
    headers["X-GitHub-Media-Type"] = "github.v3; format=json"
    if state.site.is_server:
        headers["X-GitHub-Enterprise-Version"] = SERVER_VERSION
    if "link" in g:
        headers["Link"] = g.link
    if "token" in g:
        if g.token.kind is TokenKind.CLASSIC:
            headers["X-OAuth-Scopes"] = ", ".join(sorted(g.token.scopes))
        else:
            headers["X-Accepted-GitHub-Permissions"] = _accepted()
        with state.lock:
            if response.status_code == 304 and g.token.used["core"]:  # noqa: PLR2004 - HTTP's own
                g.token.used["core"] -= 1
            limits = rate(g.token, _resource())
        limits |= g.get("limits", {})
        if not state.site.is_server:
            for name, number in limits.items():
                headers[f"X-RateLimit-{name.title()}"] = str(number)
            headers["X-RateLimit-Resource"] = _resource()
    # GraphQL serves no mutation.
    writes = request.method in WRITES and request.path != GRAPHQL
    state.log.count(request.method, route_template(), response.status_code, writes=writes)
    _LOG.info(
        "%s %s %s %.1f ms",
        request.method,
        request.path,
        response.status_code,
        (time.monotonic() - g.get("started", time.monotonic())) * 1000,
    )
    return response


def _entity_tag(response: Response) -> str:
    """The entity tag depends on the token too: answers vary by `Authorization` (see `Vary`)."""
    asking = access.token().value.encode() if "token" in g else b""
    return hashlib.sha256(asking + b"\0" + response.get_data()).hexdigest()


def _accepted() -> str:
    """The route's permissions as a header has them (docs.github.com: troubleshooting)."""
    needs = permissions_of(request.method, documented_route())
    return ",".join(needs) or "allows_permissionless_access=true"


def _turn_the_hour(token: Token) -> None:
    this = int(time.time())
    if this >= token.window + _HOUR:
        token.window = this
        token.used.clear()


def _answer_of_faults(faults: list[Fault]) -> Response | None:
    """Sleep for each latency fault; return the answer of the first other fault, if any."""
    for fault in faults:
        if fault.kind is not Kind.LATENCY:
            return _drop() if fault.kind is Kind.DROP else _failure(fault)
        time.sleep(fault.seconds)
    return None


def _failure(fault: Fault) -> Response:
    if fault.kind is Kind.SECONDARY_LIMIT:
        access.authenticate()  # the answer has the token's primary limit, as every answer
        return errors.secondary_limit(fault.status, fault.retry_after).response()
    if fault.kind is Kind.PRIMARY_LIMIT:
        access.authenticate()
        g.limits = {"remaining": 0, "used": access.token().rate_limit}
        if fault.retry_after is not None:
            g.limits["reset"] = int(time.time()) + fault.retry_after
        return _primary_limit()
    return errors.injected(fault.status).response()


def _primary_limit() -> Response:
    """REST answers 403; GraphQL answers 200 with an error (docs.github.com/graphql/overview)."""
    refused = errors.primary_limit(access.token().login)
    if request.path != GRAPHQL:
        return refused.response()
    return answer({"errors": [{"type": "RATE_LIMITED", "message": str(refused)}]})


def _drop() -> Response:
    """Close the connection without an answer. The returned response never reaches the client."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return Response(status=503)
