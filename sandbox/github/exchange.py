"""What GitHub does with every request and answer, whatever the route.

Before: suffer faults, know the caller, count against the hour's limit. After: entity tags and 304,
rate-limit headers, links to other pages, the request count. Latency is suffered here, before the
store is locked.
"""

import hashlib
import logging
import socket
import time
from typing import Final

from flask import Flask, Response, g, request

from sandbox.github import access, errors
from sandbox.github.accounts import Token, TokenKind
from sandbox.github.errors import GitHubError
from sandbox.github.faults import Fault, Kind

API: Final = "/api/v3"
_HOUR: Final = 3600
_LOG: Final = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Do it for every request of the application."""
    app.before_request(_before)
    app.after_request(_after)


def route_template() -> str:
    """The route as GitHub's description writes it: `/repos/{owner}/{repo}`."""
    rule = request.url_rule
    if rule is None:
        return "unserved"
    return template(rule.rule)


def template(rule: str) -> str:
    """A rule of the application in GitHub's notation."""
    parts = []
    for part in rule.removeprefix(API).split("/"):
        if part.startswith("<"):
            parts.append("{" + part.strip("<>").rpartition(":")[2] + "}")
        else:
            parts.append(part)
    return "/".join(parts)


def rate(token: Token) -> dict[str, int]:
    """The hour's limit and what is left of it."""
    _turn_the_hour(token)
    return {
        "limit": token.rate_limit,
        "used": token.used,
        "remaining": max(token.rate_limit - token.used, 0),
        "reset": token.window + _HOUR,
    }


def _is_api() -> bool:
    return request.path.startswith(f"{API}/")


def _before() -> Response | None:
    if not _is_api():
        return None
    state = access.store()
    g.started = time.monotonic()
    for fault in state.faults.strike(request.method, request.path.removeprefix(API)):
        if fault.kind is Kind.LATENCY:
            time.sleep(fault.seconds)
        elif fault.kind is Kind.DROP:
            return _drop()
        else:
            raise _failure(fault)
    if request.routing_exception is not None:
        return None
    access.authenticate()
    token = access.token()
    with state.lock:
        _turn_the_hour(token)
        if token.used >= token.rate_limit:
            raise errors.primary_limit(token.login)
        token.used += 1
    return None


def _after(response: Response) -> Response:
    if not _is_api():
        return response
    state = access.store()
    if request.method == "GET" and response.status_code == 200:  # noqa: PLR2004 - HTTP's own
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest(), weak=True)
        response.make_conditional(request)
    headers = response.headers
    headers["Vary"] = "Accept, Authorization, Cookie"
    headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
    headers["X-GitHub-Media-Type"] = "github.v3; format=json"
    if "link" in g:
        headers["Link"] = g.link
    if "token" in g:
        if g.token.kind is TokenKind.CLASSIC:
            headers["X-OAuth-Scopes"] = ", ".join(sorted(g.token.scopes))
        with state.lock:
            if response.status_code == 304 and g.token.used:  # noqa: PLR2004 - HTTP's own
                g.token.used -= 1
            limits = rate(g.token)
        limits |= g.get("limits", {})
        for name, number in limits.items():
            headers[f"X-RateLimit-{name.title()}"] = str(number)
        headers["X-RateLimit-Resource"] = "core"
    state.log.count(request.method, route_template(), response.status_code)
    _LOG.info(
        "%s %s %s %.1f ms",
        request.method,
        request.path,
        response.status_code,
        (time.monotonic() - g.get("started", time.monotonic())) * 1000,
    )
    return response


def _turn_the_hour(token: Token) -> None:
    this = int(time.time())
    if this >= token.window + _HOUR:
        token.window, token.used = this, 0


def _failure(fault: Fault) -> GitHubError:
    if fault.kind is Kind.SECONDARY_LIMIT:
        return errors.secondary_limit(fault.status, fault.retry_after)
    if fault.kind is Kind.PRIMARY_LIMIT:
        access.authenticate()
        g.limits = {"remaining": 0, "used": access.token().rate_limit}
        if fault.retry_after is not None:
            g.limits["reset"] = int(time.time()) + fault.retry_after
        return errors.primary_limit(access.token().login)
    return errors.injected(fault.status)


def _drop() -> Response:
    """Close the connection in the client's face; what is answered then reaches nobody."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return Response(status=503)
