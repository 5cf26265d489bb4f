"""The permissions that a route needs from a fine-grained token or an App's token.

The table follows docs.github.com/rest/authentication ("Permissions required for fine-grained
personal access tokens"). Its values are those of the header X-Accepted-GitHub-Permissions.
"""

from typing import Final

_REPOSITORY: Final = "/repos/{owner}/{repo}"
_ENVIRONMENT: Final = f"{_REPOSITORY}/environments/{{environment_name}}"
_TEAM: Final = "/orgs/{org}/teams/{team_slug}"
_READS: Final = ("GET",)
_WRITES: Final = ("POST", "PUT", "PATCH", "DELETE")
_LEVELS: Final = ("read", "write", "admin")

#: Methods and their permission, by the beginning of a route; the longest matching one counts.
_TABLE: Final[dict[str, tuple[tuple[tuple[str, ...], str], ...]]] = {
    "/orgs/{org}/repos": ((_READS, "metadata=read"), (_WRITES, "administration=write")),
    "/orgs/{org}/actions/oidc": (
        (_READS, "organization_administration=read"),
        (_WRITES, "organization_administration=write"),
    ),
    "/orgs/{org}/rulesets": (
        (_READS, "organization_administration=write"),
        (_WRITES, "organization_administration=write"),
    ),
    "/orgs/{org}/teams": ((_READS, "members=read"), (_WRITES, "members=write")),
    f"{_TEAM}/repos": (
        (_READS, "members=read"),
        (_WRITES, "members=write"),
        (_WRITES, "administration=write"),
    ),
    "/user/repos": ((_WRITES, "administration=write"),),
    _REPOSITORY: ((_READS, "metadata=read"), (_WRITES, "administration=write")),
    f"{_REPOSITORY}/actions/runs": ((_READS, "actions=read"), (_WRITES, "deployments=write")),
    f"{_REPOSITORY}/actions/workflows": ((_READS, "actions=read"),),
    f"{_REPOSITORY}/actions/oidc": ((_READS, "actions=read"), (_WRITES, "actions=write")),
    f"{_REPOSITORY}/branches": ((_READS, "contents=read"), (_WRITES, "administration=write")),
    f"{_REPOSITORY}/branches/{{branch}}/protection": (
        (_READS, "administration=read"),
        (_WRITES, "administration=write"),
    ),
    f"{_REPOSITORY}/commits": ((_READS, "contents=read"),),
    f"{_REPOSITORY}/compare": ((_READS, "contents=read"),),
    f"{_REPOSITORY}/contents": ((_READS, "contents=read"), (_WRITES, "contents=write")),
    f"{_REPOSITORY}/git": ((_READS, "contents=read"), (_WRITES, "contents=write")),
    f"{_REPOSITORY}/invitations": ((_READS, "administration=read"),),
    f"{_REPOSITORY}/merges": ((_WRITES, "contents=write"),),
    f"{_REPOSITORY}/pulls": ((_READS, "pull_requests=read"), (_WRITES, "pull_requests=write")),
    f"{_REPOSITORY}/pulls/{{pull_number}}/merge": (
        (_READS, "contents=read"),
        (_WRITES, "contents=write"),
    ),
    f"{_REPOSITORY}/vulnerability-alerts": (
        (_READS, "administration=read"),
        (_WRITES, "administration=write"),
    ),
    f"{_REPOSITORY}/issues": ((_READS, "issues=read"), (_WRITES, "issues=write")),
    f"{_REPOSITORY}/labels": ((_READS, "issues=read"), (_WRITES, "issues=write")),
    f"{_REPOSITORY}/environments": ((_READS, "actions=read"), (_WRITES, "administration=write")),
    f"{_ENVIRONMENT}/deployment_protection_rules/apps": ((_READS, "administration=read"),),
    f"{_ENVIRONMENT}/secrets": ((_READS, "environments=read"), (_WRITES, "environments=write")),
    f"{_ENVIRONMENT}/variables": ((_READS, "environments=read"), (_WRITES, "environments=write")),
}
#: "This endpoint can be used without ... permissions if only public resources are requested."
_PUBLIC: Final = {
    "metadata=read",
    "contents=read",
    "issues=read",
    "actions=read",
    "pull_requests=read",
}
_NEVER_PUBLIC: Final = f"{_REPOSITORY}/actions/oidc"


def permissions_of(method: str, route: str) -> tuple[str, ...]:
    """All permissions that a route needs, given by its template (`/repos/{owner}/{repo}`)."""
    fitting = [begin for begin in _TABLE if route == begin or route.startswith(f"{begin}/")]
    if not fitting:
        return ()
    rows = _TABLE[max(fitting, key=len)]
    return tuple(permission for methods, permission in rows if method in methods)


def is_public(method: str, route: str) -> bool:
    """Whether the route needs no permission for a public repository."""
    needs = set(permissions_of(method, route))
    return method in _READS and needs <= _PUBLIC and not route.startswith(_NEVER_PUBLIC)


def lacking(granted: dict[str, str], needs: tuple[str, ...]) -> list[str]:
    """The needed permissions that a token does not have; a higher level includes the lower ones.

    Every token with access to a repository may read its metadata.
    """
    return [need for need in needs if need != "metadata=read" and not _includes(granted, need)]


def _includes(granted: dict[str, str], need: str) -> bool:
    name, _, level = need.partition("=")
    return name in granted and _LEVELS.index(granted[name]) >= _LEVELS.index(level)
