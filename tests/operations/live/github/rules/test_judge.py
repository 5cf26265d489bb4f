"""Rules of every kind reach the verdict, as far as they bind this token."""

from typing import Any

import pytest
import requests

from operations.live.github.api import GitHub
from operations.live.github.rules.changes import Change, commits, creation, deletion
from operations.live.github.rules.judge import Judge, listed
from sandbox.github import Server
from tests.operations.live.github.rules.test_branch_rules import ruleset, write
from tests.operations.live.github.test_deliveries import CHECKS, REVIEWS, classic
from tests.operations.live.organization import TOKEN, asked, control
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture

WRITTEN = commits("main", ["python-dev.yml"], largest=100)
NOBODY: dict[str, Any] = {"users": [], "teams": []}
PATHS = {
    "type": "file_path_restriction",
    "parameters": {"restricted_file_paths": [".github/**/*"]},
}
PUSHES = {"name": "files", "target": "push", "enforcement": "active", "rules": [PATHS]}


def judged(server: Server, change: Change = WRITTEN, *, public: bool = True) -> str:
    """Return what refuses a change of `acme/a`, in one phrase."""
    judge = Judge(GitHub(server.url, TOKEN), "acme/a", public=public)
    rules = judge.of_branch(change.branch) or judge.of_name(change.branch)
    return listed(judge.refusing(change, rules))


def test_rules_for_every_push_hold_for_every_branch(github: Server) -> None:
    """They are asked for by their rulesets, once; an `evaluate` one and a bypass refuse nothing."""
    write(github, "PATCH", "", {"private": True})
    made = write(github, "POST", "rulesets", PUSHES)
    said = "`file_path_restriction` of ruleset 'files'"
    assert judged(github) == ""
    assert judged(github, public=False) == said
    head = commits("slipway/main-0123456789", ["python-dev.yml"], by_pull_request=True)
    assert judged(github, head, public=False) == said
    assert judged(github, creation("next"), public=False) == ""
    actor = {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}
    for change in ({"enforcement": "evaluate"}, {"bypass_actors": [actor]}):
        write(github, "PUT", f"rulesets/{made['id']}", PUSHES | change)
        assert judged(github, public=False) == ""


def test_each_ruleset_is_asked_for_once(github: Server) -> None:
    """Three rules of one ruleset, for two changes, take one request for its bypass."""
    write(github, "POST", "rulesets", ruleset("pull_request", "update", "required_signatures"))
    judge = Judge(GitHub(github.url, TOKEN), "acme/a", public=True)
    rules = judge.of_branch("main")
    assert rules is not None
    control(github, "requests/reset")
    for change in (WRITTEN, commits("main", ["python-test.yml"])):
        assert len(judge.refusing(change, rules)) == 3
    routes = {row["route"]: row["count"] for row in asked(github)["routes"]}
    assert sum(count for route, count in routes.items() if "/rulesets/" in route) == 1


@pytest.mark.parametrize(
    ("demands", "expected"),
    [
        ({"required_status_checks": {"strict": True, "contexts": []}}, ""),
        ({"required_linear_history": True, "block_creations": True}, ""),
        ({"required_status_checks": CHECKS}, "`required_status_checks` of its branch protection"),
        ({"restrictions": NOBODY}, "`restrictions` of its branch protection"),
        ({"restrictions": {"users": ["admin"], "teams": []}}, ""),
        ({"restrictions": {"users": [], "teams": ["platform"]}}, ""),
        (
            {
                "required_pull_request_reviews": REVIEWS
                | {"bypass_pull_request_allowances": {"users": ["admin"], "teams": []}}
            },
            "",
        ),
    ],
)
def test_classic_protection_binds_those_whom_it_names(
    github: Server, demands: dict[str, Any], expected: str
) -> None:
    """The token's user may be listed, or be in a team that is; an empty list of checks is none."""
    team = f"{github.url}api/v3/orgs/acme/teams/platform/memberships/admin"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    requests.put(team, json={}, headers=headers, timeout=10).raise_for_status()
    write(github, "PUT", "branches/main/protection", classic(**demands, enforce_admins=True))
    assert judged(github) == expected


@pytest.mark.parametrize("app", ["gate", "other"])
def test_an_app_that_is_listed_may_push(github: Server, app: str) -> None:
    """It finds itself by the slug. It is no administrator, so protection without them binds it."""
    apps = [{"slug": slug, "installed_on": ["acme"]} for slug in ("gate", "other")]
    token = {"token": "ghs_gate", "login": "admin", "kind": "app", "app": "gate"}
    control(github, "seed", {"apps": apps, "tokens": [token]})
    only = NOBODY | {"apps": [app]}
    write(github, "PUT", "branches/main/protection", classic(restrictions=only))
    judge = Judge(GitHub(github.url, "ghs_gate"), "acme/a", public=True)
    rules = judge.of_branch("main")
    assert rules is not None
    said = "" if app == "gate" else "`restrictions` of its branch protection"
    assert listed(judge.refusing(WRITTEN, rules)) == said


def test_a_protected_branch_is_not_deleted(github: Server) -> None:
    """Classic protection keeps a branch, also of administrators, unless it says otherwise."""
    path = "branches/develop/protection"
    write(github, "PUT", path, classic())
    assert judged(github, deletion("develop")) == "`allow_deletions` of its branch protection"
    write(github, "PUT", path, classic(allow_deletions=True))
    assert judged(github, deletion("develop")) == ""
