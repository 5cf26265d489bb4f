"""Every route answers as GitHub's published description specifies."""

import json
import re
from base64 import b64encode
from typing import Any

import pytest
from flask import Flask

from sandbox.github.accounts import Organization
from sandbox.github.repositories import Repository
from sandbox.github.route_template import API
from sandbox.github.store import Store
from sandbox.github.workflow_runs import WorkflowRun
from sandbox.home import PROJECT
from tests.sandbox.github.conftest import Api, normal
from tests.sandbox.github.description import UNPUBLISHED, description, problems
from tests.sandbox.github.openapi_extract import EXTRACT, served_routes

R = "/repos/acme/billing"
E = f"{R}/environments/prod"
T = "/orgs/acme/teams/platform"
CONTENT = b64encode(b"hello\n").decode()
POLICY = {"protected_branches": False, "custom_branch_policies": True}
PROTECTION = {
    "required_status_checks": None,
    "enforce_admins": True,
    "required_pull_request_reviews": {"required_approving_review_count": 1},
    "restrictions": None,
}
RULESET = {
    "name": "main",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["refs/heads/main"], "exclude": []}},
    "rules": [{"type": "update"}, {"type": "deletion"}],
}
#: Everything that classic protection has.
STRICT = PROTECTION | {
    "required_status_checks": {"strict": True, "checks": [{"context": "ci", "app_id": 51}]},
    "required_pull_request_reviews": {
        "required_approving_review_count": 2,
        "dismissal_restrictions": {"users": ["octocat"], "teams": ["platform"]},
        "bypass_pull_request_allowances": {"users": ["boss"], "teams": [], "apps": ["change-gate"]},
    },
    "restrictions": {"users": ["octocat"], "teams": ["platform"], "apps": ["change-gate"]},
    "required_linear_history": True,
    "allow_force_pushes": True,
}
#: A rule of each kind that has parameters of its own.
WIDE = RULESET | {
    "name": "wide",
    "target": "branch",
    "bypass_actors": [
        {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "pull_request"},
        {"actor_id": None, "actor_type": "DeployKey", "bypass_mode": "always"},
    ],
    "rules": [
        {
            "type": "pull_request",
            "parameters": {
                "required_approving_review_count": 1,
                "dismiss_stale_reviews_on_push": True,
                "require_code_owner_review": False,
                "require_last_push_approval": False,
                "required_review_thread_resolution": False,
            },
        },
        {
            "type": "required_status_checks",
            "parameters": {
                "strict_required_status_checks_policy": False,
                "required_status_checks": [{"context": "ci"}],
            },
        },
        {
            "type": "commit_message_pattern",
            "parameters": {"operator": "starts_with", "pattern": "feat"},
        },
    ],
}
ORGANIZATION_RULESET = RULESET | {
    "conditions": {
        "ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []},
        "repository_name": {"include": ["~ALL"], "exclude": []},
    },
}

#: Method, path (with {placeholders} for ids), body, status.
CASES: list[tuple[str, str, Any, int]] = [
    ("GET", "/user", None, 200),
    ("GET", "/users/octocat", None, 200),
    ("GET", "/users/octocat/gpg_keys", None, 200),
    ("GET", "/users/octocat/keys", None, 200),
    ("GET", "/rate_limit", None, 200),
    ("GET", "/orgs/acme", None, 200),
    ("GET", "/orgs/acme/repos", None, 200),
    ("POST", "/orgs/acme/repos", {"name": "new", "auto_init": True}, 201),
    ("POST", "/user/repos", {"name": "mine"}, 201),
    ("GET", "/orgs/acme/actions/oidc/customization/sub", None, 200),
    ("PUT", "/orgs/acme/actions/oidc/customization/sub", {"use_immutable_subject": True}, 201),
    ("GET", "/orgs/acme/teams", None, 200),
    ("POST", "/orgs/acme/teams", {"name": "New team", "parent_team_id": 31}, 201),
    ("GET", T, None, 200),
    ("GET", "/organizations/21/team/31", None, 200),
    ("PATCH", T, {"name": "platform", "description": "us"}, 200),
    ("DELETE", T, None, 204),
    ("GET", f"{T}/teams", None, 200),
    ("GET", f"{T}/members", None, 200),
    ("GET", f"{T}/memberships/octocat", None, 200),
    ("PUT", f"{T}/memberships/stranger", {"role": "maintainer"}, 200),
    ("DELETE", f"{T}/memberships/octocat", None, 204),
    ("GET", "/orgs/acme/teams/payments/repos", None, 200),
    ("GET", "/orgs/acme/teams/payments/repos/acme/billing", None, 204),
    ("PUT", f"{T}/repos/acme/billing", {"permission": "admin"}, 204),
    ("DELETE", "/orgs/acme/teams/payments/repos/acme/billing", None, 204),
    ("GET", R, None, 200),
    ("GET", "/repositories/41", None, 200),
    ("PATCH", R, {"description": "Bills", "has_wiki": False, "default_branch": "develop"}, 200),
    ("DELETE", R, None, 204),
    ("GET", f"{R}/topics", None, 200),
    ("PUT", f"{R}/topics", {"names": ["python", "aws"]}, 200),
    ("GET", f"{R}/vulnerability-alerts", None, 404),
    ("PUT", f"{R}/vulnerability-alerts", None, 204),
    ("DELETE", f"{R}/vulnerability-alerts", None, 204),
    ("GET", f"{R}/collaborators", None, 200),
    ("GET", f"{R}/invitations", None, 200),
    ("GET", f"{R}/collaborators/octocat", None, 204),
    ("GET", f"{R}/collaborators/stranger", None, 404),
    ("GET", f"{R}/collaborators/octocat/permission", None, 200),
    ("PUT", f"{R}/collaborators/stranger", {"permission": "maintain"}, 204),
    ("DELETE", f"{R}/collaborators/stranger", None, 204),
    ("GET", f"{R}/branches", None, 200),
    ("GET", f"{R}/branches/develop", None, 200),
    ("GET", f"{R}/branches/main/protection", None, 404),
    ("PUT", f"{R}/branches/main/protection", PROTECTION, 200),
    ("DELETE", f"{R}/branches/main/protection", None, 404),
    ("PUT", f"{R}/branches/main/protection", STRICT, 200),
    ("GET", f"{R}/branches/develop/protection", None, 200),
    ("DELETE", f"{R}/branches/develop/protection", None, 204),
    ("GET", f"{R}/branches/develop/protection/enforce_admins", None, 200),
    ("POST", f"{R}/branches/develop/protection/enforce_admins", None, 200),
    ("DELETE", f"{R}/branches/develop/protection/enforce_admins", None, 204),
    ("GET", f"{R}/branches/develop/protection/required_signatures", None, 200),
    ("POST", f"{R}/branches/develop/protection/required_signatures", None, 200),
    ("DELETE", f"{R}/branches/develop/protection/required_signatures", None, 204),
    ("GET", f"{R}/branches/develop/protection/required_pull_request_reviews", None, 200),
    ("PATCH", f"{R}/branches/develop/protection/required_pull_request_reviews", {}, 200),
    ("DELETE", f"{R}/branches/develop/protection/required_pull_request_reviews", None, 204),
    ("GET", f"{R}/rulesets", None, 200),
    ("POST", f"{R}/rulesets", RULESET, 201),
    ("POST", f"{R}/rulesets", WIDE, 201),
    ("GET", f"{R}/rulesets/{{ruleset}}", None, 200),
    ("PUT", f"{R}/rulesets/{{ruleset}}", {"enforcement": "evaluate"}, 200),
    ("DELETE", f"{R}/rulesets/{{ruleset}}", None, 204),
    ("DELETE", f"{R}/rulesets/1", None, 404),
    ("GET", f"{R}/rules/branches/main", None, 200),
    ("GET", "/orgs/acme/rulesets", None, 200),
    ("POST", "/orgs/acme/rulesets", ORGANIZATION_RULESET | {"name": "second"}, 201),
    ("GET", "/orgs/acme/rulesets/{organization}", None, 200),
    ("PUT", "/orgs/acme/rulesets/{organization}", {"rules": []}, 200),
    ("DELETE", "/orgs/acme/rulesets/{organization}", None, 204),
    ("GET", f"{R}/pulls?state=all", None, 200),
    ("POST", f"{R}/pulls", {"title": "t", "head": "acme:develop", "base": "main"}, 201),
    ("POST", f"{R}/pulls", {"title": "t", "head": "none", "base": "main"}, 422),
    ("GET", f"{R}/pulls/1", None, 200),
    ("PATCH", f"{R}/pulls/1", {"title": "other", "state": "closed"}, 200),
    ("GET", f"{R}/pulls/1/commits", None, 200),
    ("GET", f"{R}/pulls/1/files", None, 200),
    ("GET", f"{R}/pulls/1/merge", None, 404),
    ("PUT", f"{R}/pulls/1/merge", {"merge_method": "squash"}, 200),
    ("GET", f"{R}/pulls/1/reviews", None, 200),
    ("POST", f"{R}/pulls/1/reviews", {"event": "COMMENT", "body": "b"}, 200),
    ("POST", f"{R}/merges", {"base": "main", "head": "develop"}, 201),
    ("POST", f"{R}/branches/main/rename", {"new_name": "trunk"}, 201),
    ("GET", f"{R}/git/ref/heads/main", None, 200),
    ("GET", f"{R}/git/matching-refs/heads/", None, 200),
    ("POST", f"{R}/git/refs", {"ref": "refs/tags/v1", "sha": "{main}"}, 201),
    ("PATCH", f"{R}/git/refs/heads/main", {"sha": "{develop}"}, 200),
    ("DELETE", f"{R}/git/refs/heads/develop", None, 204),
    ("GET", f"{R}/git/blobs/{{blob}}", None, 200),
    ("GET", f"{R}/git/trees/main", None, 200),
    ("GET", f"{R}/git/trees/{{tree}}?recursive=1", None, 200),
    ("GET", f"{R}/git/commits/{{main}}", None, 200),
    ("GET", f"{R}/commits?sha=develop&path=src", None, 200),
    ("GET", f"{R}/commits/develop", None, 200),
    ("GET", f"{R}/compare/{{main}}...{{develop}}", None, 200),
    ("GET", f"{R}/actions/workflows/ci.yml/runs?status=success", None, 200),
    ("GET", f"{R}/contents/", None, 200),
    ("GET", f"{R}/contents/src", None, 200),
    ("GET", f"{R}/contents/src/app.py?ref=develop", None, 200),
    ("PUT", f"{R}/contents/a.txt", {"message": "m", "content": CONTENT}, 201),
    ("PUT", f"{R}/contents/README.md", {"message": "m", "content": CONTENT, "sha": "{blob}"}, 200),
    ("DELETE", f"{R}/contents/README.md", {"message": "m", "sha": "{blob}"}, 200),
    ("GET", f"{R}/environments", None, 200),
    ("GET", E, None, 200),
    ("PUT", f"{R}/environments/dev", None, 200),
    ("PUT", E, {"wait_timer": 1, "deployment_branch_policy": POLICY}, 200),
    ("DELETE", E, None, 204),
    ("GET", f"{E}/deployment-branch-policies", None, 200),
    ("POST", f"{E}/deployment-branch-policies", {"name": "release/*"}, 200),
    ("POST", f"{E}/deployment-branch-policies", {"name": "main"}, 303),
    ("GET", f"{E}/deployment-branch-policies/{{policy}}", None, 200),
    ("PUT", f"{E}/deployment-branch-policies/{{policy}}", {"name": "trunk"}, 200),
    ("DELETE", f"{E}/deployment-branch-policies/{{policy}}", None, 204),
    ("GET", f"{E}/deployment_protection_rules", None, 200),
    ("POST", f"{E}/deployment_protection_rules", {"integration_id": 52}, 201),
    ("GET", f"{E}/deployment_protection_rules/apps", None, 200),
    ("GET", f"{E}/deployment_protection_rules/{{rule}}", None, 200),
    ("DELETE", f"{E}/deployment_protection_rules/{{rule}}", None, 204),
    ("GET", f"{E}/secrets", None, 200),
    ("GET", f"{E}/secrets/public-key", None, 200),
    ("GET", "/repositories/41/environments/prod/secrets/public-key", None, 200),
    ("GET", f"{E}/secrets/TOKEN", None, 200),
    ("PUT", f"{E}/secrets/TOKEN", "sealed", 204),
    ("PUT", f"{E}/secrets/NEW", "sealed", 201),
    ("DELETE", f"{E}/secrets/TOKEN", None, 204),
    ("GET", f"{E}/variables", None, 200),
    ("POST", f"{E}/variables", {"name": "NEW", "value": "1"}, 201),
    ("GET", f"{E}/variables/REGION", None, 200),
    ("PATCH", f"{E}/variables/REGION", {"value": "2"}, 204),
    ("DELETE", f"{E}/variables/REGION", None, 204),
    ("GET", f"{R}/issues", None, 200),
    ("POST", f"{R}/issues", {"title": "Drift", "body": "b", "labels": ["drift"]}, 201),
    ("GET", f"{R}/issues/1", None, 200),
    ("PATCH", f"{R}/issues/1", {"state": "closed", "state_reason": "not_planned"}, 200),
    ("GET", f"{R}/issues/1/comments", None, 200),
    ("POST", f"{R}/issues/1/comments", {"body": "gone"}, 201),
    ("GET", f"{R}/labels", None, 200),
    ("POST", f"{R}/labels", {"name": "new", "color": "F29513", "description": "d"}, 201),
    ("GET", f"{R}/labels/bug", None, 200),
    ("GET", f"{R}/actions/oidc/customization/sub", None, 200),
    (
        "PUT",
        f"{R}/actions/oidc/customization/sub",
        {"use_default": False, "include_claim_keys": ["repo", "environment"]},
        201,
    ),
]


def places(repository: Repository) -> dict[str, str]:
    """The ids for the placeholders of a case."""
    git = repository.git
    main, develop = git.ref("refs/heads/main"), git.ref("refs/heads/develop")
    assert main is not None
    assert develop is not None
    readme, root = git.lookup(main, "README.md"), git.lookup(main, "")
    assert readme is not None
    assert root is not None
    prod = repository.environments["prod"]
    owner = repository.owner
    assert isinstance(owner, Organization)
    return {
        "ruleset": str(next(iter(repository.rulesets), "")),
        "organization": str(next(iter(owner.rulesets), "")),
        "main": main,
        "develop": develop,
        "blob": readme.sha,
        "tree": root.sha,
        "policy": str(next(iter(prod.policies))),
        "rule": str(next(iter(prod.custom_rules), "")),
    }


def add_run(store: Store) -> None:
    """Add a workflow run to the repository."""
    repository = store.repositories[41]
    sha = repository.git.branches()["main"]
    store.workflow_runs[5] = WorkflowRun(
        id=5,
        number=1,
        repository=repository,
        head_repository=repository,
        event="push",
        head_branch="main",
        head_sha=sha,
        path=".github/workflows/ci.yml",
        actor="octocat",
        title="ci",
        conclusion="success",
    )


def prepare(api: Api, path: str) -> None:
    """Make what the path of a case is about: a pull request, rulesets or classic protection."""
    if "/pulls/1" in path or path.endswith("state=all"):
        api("POST", f"{R}/pulls", {"title": "First", "head": "develop", "base": "main"})
    if "/rulesets" in path or "/rules/" in path:
        api("POST", f"{R}/rulesets", WIDE | {"name": "first"})
        api("POST", "/orgs/acme/rulesets", ORGANIZATION_RULESET | {"name": "first"})
    if "/branches/develop/protection" in path:
        api("PUT", f"{R}/branches/develop/protection", STRICT)


def filled(value: Any, ids: dict[str, str]) -> Any:
    """The value with its placeholders filled."""
    if isinstance(value, dict):
        return {key: filled(item, ids) for key, item in value.items()}
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], value)
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]} {case[3]}")
def test_an_answer_is_as_described(api: Api, store: Store, case: tuple[str, str, Any, int]) -> None:
    """Status and all members of the answer are as GitHub describes the route."""
    method, path, body, status = case
    if body == "sealed":
        body = api.seal("prod", "plain")
    if "deployment_protection_rules" in path:
        api.enable("prod", 51)
    if "/runs" in path:
        add_run(store)
    if "/issues/1" in path or "/labels/bug" in path:
        api("POST", f"{R}/issues", {"title": "First", "labels": ["bug"]})
    prepare(api, path)
    ids = places(store.repositories[41])
    answer = api(method, filled(path, ids), filled(body, ids))
    assert answer.status_code == status, answer.text


def test_no_route_escapes_the_contract(app: Flask) -> None:
    """The cases above request exactly the served routes."""
    adapter = app.url_map.bind("127.0.0.1")
    asked = set()
    for method, path, _, _ in CASES:
        bare = re.sub(r"\{\w+\}", "1", path).partition("?")[0]
        rule, _ = adapter.match(API + bare, method, return_rule=True)
        parts = rule.rule.removeprefix(API).split("/")
        template = "/".join(
            "{" + part.strip("<>").rpartition(":")[2] + "}" if part.startswith("<") else part
            for part in parts
        )
        asked.add((method, normal(template)))
    assert asked == served_routes()


def test_every_route_names_the_section_it_imitates(app: Flask) -> None:
    """A route's docstring has the address of its section in GitHub's documentation."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for path, operations in description()["paths"].items():
            for method, operation in operations.items():
                template = normal(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix(API))
                if template == path and method.upper() in (rule.methods or ()):
                    section = operation["documentation"].removeprefix("https://")
                    assert section in (view.__doc__ or ""), f"{method} {path}: {section}"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"value": None}, "value"),
        ({"name": 12}, "name"),
        ({"naem": "x"}, "naem"),
        ({"created_at": "yesterday"}, "date-time"),
    ],
)
def test_the_contract_notices(api: Api, change: dict[str, Any], complaint: str) -> None:
    """The check finds a missing, unpublished or malformed member and one of a wrong type."""
    path = "/repos/{owner}/{repo}/environments/{environment_name}/variables/{name}"
    body = api("GET", f"{E}/variables/REGION").get_json()
    assert not problems("GET", path, 200, body)
    body |= change
    if change == {"value": None}:
        del body["value"]
    assert any(complaint in line for line in problems("GET", path, 200, body))


def test_exceptions_from_the_contract_are_told() -> None:
    """Each exception is listed in docs/sandbox.md, and the description still differs."""
    published = json.loads(EXTRACT.read_text(encoding="utf-8"))["components"]["schemas"]
    page = (PROJECT / "docs/sandbox.md").read_text(encoding="utf-8")
    for schema, members in UNPUBLISHED.items():
        for member, sent in members.items():
            assert published[schema]["properties"].get(member) != sent, f"{schema}: {member}"
            assert f"`{member}`" in page
