"""Every route answers as GitHub's published description specifies."""

import json
import re
from typing import Any

import pytest
from flask import Flask

from sandbox.github.accounts import Organization
from sandbox.github.repositories import Repository
from sandbox.github.route_template import API
from sandbox.github.store import Store
from sandbox.github.workflow_runs import Review, WorkflowRun
from sandbox.home import PROJECT
from tests.sandbox.github.conftest import Api, normal
from tests.sandbox.github.contract_cases import CASES, ORGANIZATION_RULESET, STRICT, WIDE, E, R
from tests.sandbox.github.description import UNPUBLISHED, description, problems
from tests.sandbox.github.openapi_extract import EXTRACT, served_routes

#: The id of an environment in a body, which is a number.
ENVIRONMENT = "{prod}"


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
        "prod": str(prod.id),
        "policy": str(next(iter(prod.policies))),
        "rule": str(next(iter(prod.custom_rules), "")),
    }


def add_run(store: Store) -> None:
    """Add a workflow run, whose deployment the caller may review, to the repository."""
    repository = store.repositories[41]
    caller = store.account("boss")
    assert caller is not None
    repository.environments["prod"].protection.reviewers += (caller,)
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
        waiting={repository.environments["prod"].id},
        reviews=[Review((repository.environments["prod"].id,), "rejected", "octocat", "no")],
    )


def prepare(api: Api, path: str) -> None:
    """Create the objects that the path names: a pull request, rulesets or classic protection."""
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
    if isinstance(value, list):
        return [filled(item, ids) for item in value]
    if value == ENVIRONMENT:
        return int(ids["prod"])
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
