"""The Flask application: REST below /api/v3, /api/graphql, git at /OWNER/REPO.git, and /_sandbox.

One route runs at a time, under the store's lock. An unknown route is 501 with method and path.
"""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote, unquote_to_bytes

from flask import Blueprint, Flask, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import PathConverter, Rule, UnicodeConverter

from sandbox.github import access, control, errors, git_http, middleware
from sandbox.github.graphql import route as graphql
from sandbox.github.route_template import API
from sandbox.github.routes import FAMILIES
from sandbox.github.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOG: Final = logging.getLogger(__name__)
#: Replaces an escaped slash in the path, so that routing sees one name.
_ESCAPED_SLASH: Final = "\ue000"


class _Name(UnicodeConverter):
    """One segment of a path; an escaped slash is a part of the name."""

    def to_python(self, value: str) -> str:
        return value.replace(_ESCAPED_SLASH, "/")


class _Path(PathConverter):
    """The rest of a path; an escaped slash is a normal slash."""

    def to_python(self, value: str) -> str:
        return value.replace(_ESCAPED_SLASH, "/")


class _Rule(Rule):
    """A rule that compiles its `url_for` functions only when they are called.

    Werkzeug compiles two such functions for each rule when the application is made. That took 89 ms
    (four fifths of the time) in each start of the sandbox and in each test with a server. It also
    parses the text of each rule: the servers of a process have the same rules, and share that.
    """

    _parsed: ClassVar[dict[str, Rule]] = {}

    def compile(self) -> None:
        twin = self._parsed.setdefault(self.rule, self)
        if twin is self:
            super().compile()
            return
        self.arguments = self.arguments | twin.arguments
        self._parts, self._trace = twin._parts, twin._trace  # noqa: SLF001 - another of its kind
        self._converters = twin._converters  # noqa: SLF001 - they keep no state
        self._build = self._compile_builder(append_unknown=False).__get__(self, None)
        self._build_unknown = self._compile_builder(append_unknown=True).__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - its own
        compiled = super()._compile_builder

        def build(rule: Rule, **values: Any) -> Any:
            return compiled(append_unknown)(rule, **values)

        return build


class _GitHub(Flask):
    """A Flask application that runs one route at a time."""

    url_rule_class = _Rule

    def dispatch_request(self) -> ResponseReturnValue:
        with self.extensions["store"].lock:
            return super().dispatch_request()


def create_app(store: Store, blueprints: Iterable[Blueprint] = ()) -> Flask:
    """An application over the store. `blueprints` are served below /_sandbox."""
    app = _GitHub(__name__, static_folder=None)
    app.extensions["store"] = store
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.redirect_defaults = False
    app.url_map.merge_slashes = False
    app.url_map.converters |= {"default": _Name, "string": _Name, "path": _Path}
    app.url_value_preprocessor(_take_place)
    middleware.install(app)
    for family in FAMILIES:
        app.register_blueprint(family, url_prefix=API)
    app.register_blueprint(graphql.routes)
    for routes in (control.routes, *blueprints):
        app.register_blueprint(routes, url_prefix="/_sandbox")
    app.register_error_handler(errors.GitHubError, errors.GitHubError.response)
    app.register_error_handler(NotFound, _not_emulated)
    app.register_error_handler(MethodNotAllowed, _not_emulated)
    app.wsgi_app = _keep_escaped_slashes(  # type: ignore[method-assign,assignment]  # Flask's idiom
        git_http.with_git(app.wsgi_app, store)
    )
    return app


def _take_place(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Move the address of a repository or team from the route's arguments to `g` (see `access`)."""
    if not values:
        return
    if "repo" in values:
        g.place = (values.pop("owner"), values.pop("repo"))
    elif "repository_id" in values:
        g.place = values.pop("repository_id")
    if "team_slug" in values:
        g.team_place = (values.pop("org"), values.pop("team_slug"))
    elif "team_id" in values:
        g.team_place = (values.pop("org_id"), values.pop("team_id"))


def _not_emulated(_error: Exception) -> Response:
    if request.path.endswith("/"):
        # The last name is empty: GitHub has no object without a name.
        return errors.not_found().response()
    _LOG.error("501 not emulated: %s %s", request.method, request.path)
    access.store().log.unserved(request.method, request.path)
    return errors.not_emulated().response()


def _keep_escaped_slashes(application: "WSGIApplication") -> "WSGIApplication":
    """Mark escaped slashes, because WSGI unescapes the path before routing."""

    def kept(environ: "WSGIEnvironment", start_response: "StartResponse") -> Any:
        raw = str(environ.get("REQUEST_URI", "")).partition("?")[0]
        if "%2f" in raw.lower():
            stand_in = quote(_ESCAPED_SLASH)
            raw = raw.replace("%2F", stand_in).replace("%2f", stand_in)
            environ["PATH_INFO"] = unquote_to_bytes(raw).decode("latin-1")
        return application(environ, start_response)

    return kept
