"""The Flask application: REST below /api/v3, /api/graphql, git at /OWNER/REPO.git, and /_sandbox.

One route runs at a time, under the store's lock. An unknown route is 501 with method and path.
"""

import logging
from collections.abc import Iterable
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote, unquote_to_bytes

from flask import Blueprint, Flask, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, PathConverter, Rule, UnicodeConverter

from sandbox.github import access, control, control_repositories, errors, git_http, middleware
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
    """A Flask application that runs one route at a time.

    To register the routes takes most of the time of a start, and a process of tests starts hundreds
    of servers: they share one table of routes, until one of them adds a route.
    """

    url_rule_class = _Rule
    _shares_routes = False

    def dispatch_request(self) -> ResponseReturnValue:
        with self.extensions["store"].lock:
            return super().dispatch_request()

    def twin(self) -> "_GitHub":
        """Another application that is equal so far."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, dict | list):
                setattr(other, name, _apart(value))
        other.json = other.json_provider_class(other)
        other._shares_routes = True  # noqa: SLF001 - another of its kind
        return other

    def add_url_rule(self, rule: str, *arguments: Any, **options: Any) -> None:
        if self._shares_routes:
            shared = self.url_map
            self.url_map = _routes()
            for known in shared.iter_rules():
                own = known.empty()
                own.provide_automatic_options = False  # type: ignore[attr-defined]  # as Flask does
                self.url_map.add(own)
            self._shares_routes = False
        super().add_url_rule(rule, *arguments, **options)


def _apart(value: Any) -> Any:
    """A copy of the dictionaries and lists in a value, and of nothing else."""
    if isinstance(value, dict):
        other = copy(value)
        other.update({key: _apart(inner) for key, inner in value.items()})
        return other
    return list(value) if isinstance(value, list) else value


def _routes() -> Map:
    """An empty table of routes with this application's rules for paths."""
    routes = Map(redirect_defaults=False, merge_slashes=False)
    routes.converters |= {"default": _Name, "string": _Name, "path": _Path}
    return routes


def create_app(store: Store, blueprints: Iterable[Blueprint] = ()) -> Flask:
    """An application over the store. `blueprints` are served below /_sandbox."""
    app = _template().twin()
    app.extensions["store"] = store
    for routes in blueprints:
        app.register_blueprint(routes, url_prefix="/_sandbox")
    app.wsgi_app = _keep_escaped_slashes(  # type: ignore[method-assign,assignment]  # Flask's idiom
        git_http.with_git(app.wsgi_app, store)
    )
    return app


@cache
def _template() -> _GitHub:
    """An application without a store."""
    app = _GitHub(__name__, static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map = _routes()
    app.url_value_preprocessor(_take_place)
    middleware.install(app)
    for family in FAMILIES:
        app.register_blueprint(family, url_prefix=API)
    app.register_blueprint(graphql.routes)
    for routes in (control.routes, control_repositories.routes):
        app.register_blueprint(routes, url_prefix="/_sandbox")
    app.register_error_handler(errors.GitHubError, errors.GitHubError.response)
    app.register_error_handler(NotFound, _not_emulated)
    app.register_error_handler(MethodNotAllowed, _not_emulated)
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
