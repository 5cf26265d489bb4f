"""The plan and visibility are read first: defaults fit them, other declared rules are problems."""

from collections.abc import Iterator

import pytest
import requests

from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles
from components.model.github_host import GitHubHost
from components.model.live import Live
from operations.live.github.api import GitHub
from operations.live.github.plans import read_plan, unknown_plan
from operations.live.program import read_live
from sandbox.github import Server, Store, serve
from tests.stacks import SETTINGS, WriteStack

PRIVATE = {"owner": "acme", "private": True, "files": {"README.md": "# x\n"}}
WORLD = {
    "users": [{"login": "admin"}, {"login": "octocat", "id": 7}],
    "organizations": [
        {"login": "acme", "plan": "team", "admins": ["admin"], "members": ["octocat"]}
    ],
    "repositories": [
        *(PRIVATE | {"name": name} for name in ("a", "b", "c")),
        PRIVATE | {"name": "open", "private": False},
        PRIVATE | {"name": "own", "owner": "octocat"},
    ],
    "tokens": [
        {"token": "owner", "login": "admin"},
        {"token": "user", "login": "octocat", "scopes": ["repo", "workflow", "user"]},
    ],
}
RIGHTS = {"actions": "read", "contents": "read", "members": "read"}
#: Token of an App, to which GitHub does not tell the plan.
APP = {"token": "ghs_app", "login": "admin", "kind": "app", "permissions": RIGHTS}


@pytest.fixture
def github() -> Iterator[Server]:
    """Serve an organisation with the plan Team, and a user with Free."""
    server = serve(Store(), port=0)
    control(server, "POST", "seed", WORLD)
    control(server, "POST", "seed", {"tokens": [APP]})
    yield server
    server.stop()


def control(server: Server, method: str, path: str, body: object = None) -> None:
    """Send one request to the emulator's own routes."""
    url = f"{server.url}_sandbox/{path}"
    requests.request(method, url, json=body, timeout=10).raise_for_status()


def change(server: Server, login: str, plan: str) -> None:
    """Change an account's plan."""
    control(server, "PATCH", f"accounts/{login}", {"plan": plan})


def asked(server: Server, token: str, files: StackFiles) -> Live:
    """Return what the program reads about a stack."""
    return read_live(files, GitHub(server.url, token))


def refused(server: Server, files: StackFiles) -> list[str]:
    """Return the problems for which the program refuses a stack."""
    with pytest.raises(ConfigurationError) as caught:
        asked(server, "owner", files)
    assert caught.value.exit_code == ExitCode.CONFIGURATION
    return [str(problem) for problem in caught.value.problems]


def test_a_bare_declaration_fits_every_plan_with_environments(
    github: Server, write_stack: WriteStack
) -> None:
    """A bare declaration is valid on every plan with environments."""
    live = asked(github, "owner", StackFiles(write_stack(a="repository: a\n")))
    assert live.plan == "team"
    assert not live.offered("a").rules


def test_a_repository_without_a_deployment_fits_every_plan(
    github: Server, write_stack: WriteStack
) -> None:
    """On Free a private repository is refused, unless it is declared without a deployment."""
    change(github, "acme", "free")
    files = StackFiles(write_stack(a="repository: a\n", b="repository: b\ndeploy: none\n"))
    (problem,) = refused(github, files)
    assert problem.startswith("stacks/s/a.yaml:1: repository: acme/a is not public")


RULES = """\
repository: {}
environments:
  dev:
    wait_minutes: 5
  prod:
    reviewers:
      users: [octocat]
    prevent_self_review: true
    admin_bypass: false
"""
BEYOND = (
    "a is not public, and acme has the plan 'team': GitHub has this rule in public repositories, "
    "and in others on Enterprise only; declare it where it can be, or leave it out"
)


def test_each_rule_beyond_the_plan_is_a_problem_where_it_is_written(
    github: Server, write_stack: WriteStack
) -> None:
    """Each rule beyond the plan is a problem with file and line, except on public repositories."""
    files = StackFiles(write_stack(a=RULES.format("a"), o=RULES.format("open")))
    assert refused(github, files) == [
        f"stacks/s/a.yaml:4: environments.dev.wait_minutes: {BEYOND}",
        f"stacks/s/a.yaml:7: environments.prod.reviewers.users: {BEYOND}",
        f"stacks/s/a.yaml:8: environments.prod.prevent_self_review: {BEYOND}",
        f"stacks/s/a.yaml:9: environments.prod.admin_bypass: {BEYOND}",
    ]
    change(github, "acme", "enterprise")
    assert asked(github, "owner", files).plan == "enterprise"


def test_a_stacks_default_beyond_the_plan_is_one_problem(
    github: Server, write_stack: WriteStack
) -> None:
    """A stack default beyond the plan is one problem, at its own line, for all its repositories."""
    settings = SETTINGS + "defaults:\n  environments:\n    prod:\n      wait_minutes: 10\n"
    back = "repository: c\nenvironments: {prod: {wait_minutes: null}}\n"
    declared = {"a": "repository: a\n", "b": "repository: b\n", "c": back}
    (problem,) = refused(github, StackFiles(write_stack(settings, **declared)))
    place = "stacks/s/_stack.yaml:9: defaults.environments.prod.wait_minutes: "
    assert problem.startswith(f"{place}a and b are not public, and acme has the plan 'team'")


def test_on_free_only_public_repositories_have_environments(
    github: Server, write_stack: WriteStack
) -> None:
    """On Free a private repository is refused, since it cannot have environments."""
    change(github, "acme", "free")
    files = StackFiles(write_stack(a="repository: a\n", o="repository: open\n"))
    (problem,) = refused(github, files)
    assert problem.startswith(
        "stacks/s/a.yaml:1: repository: acme/a is not public, and acme has the plan 'free', "
    )


def test_the_plan_is_not_requested_for_public_repositories(
    github: Server, write_stack: WriteStack
) -> None:
    """If every repository is public, the plan is not requested."""
    control(github, "POST", "requests/reset")
    files = StackFiles(write_stack(o="repository: open\n"))
    live = asked(github, "owner", files)
    routes = requests.get(f"{github.url}_sandbox/requests", timeout=10).json()["routes"]
    assert not [row for row in routes if row["route"].endswith("/orgs/{org}")]
    assert (live.plan, list(unknown_plan(files, live))) == (None, [])


def test_without_a_known_plan_every_rule_is_offered(
    github: Server, write_stack: WriteStack
) -> None:
    """Without a known plan every rule counts as offered, and a notice says so."""
    silent = "repository: c\ndeploy: none\n"  # without environments the plan is of no matter
    files = StackFiles(write_stack(a=RULES.format("a"), o="repository: open\n", c=silent))
    live = asked(github, "ghs_app", files)
    assert (live.plan, live.offered("a").rules) == (None, True)
    (note,) = unknown_plan(files, live)
    assert str(note).startswith("stacks/s/_stack.yaml:1: owner: the plan of acme is not known")
    assert "a is not public" in str(note)
    assert "`plan: enterprise`" in str(note)


def test_a_stated_plan_counts_as_known(github: Server, write_stack: WriteStack) -> None:
    """A stated plan counts as known, without a notice."""
    files = StackFiles(write_stack(f"{SETTINGS}plan: team\n", a="repository: a\n"))
    live = asked(github, "ghs_app", files)
    assert (live.plan, live.offered("a").rules) == ("team", False)
    assert list(unknown_plan(files, live)) == []


def test_a_stated_plan_that_differs_from_githubs_is_a_problem(
    github: Server, write_stack: WriteStack
) -> None:
    """A stated plan that differs from GitHub's answer is a problem."""
    files = StackFiles(write_stack(f"{SETTINGS}plan: enterprise\n", a="repository: a\n"))
    (problem,) = refused(github, files)
    assert problem.startswith(
        "stacks/s/_stack.yaml:6: plan: found 'enterprise', and GitHub says that the owner has "
        "'team'"
    )


def test_a_users_plan_is_shown_to_this_user_alone(github: Server) -> None:
    """GitHub shows a user's plan only to this user."""
    assert read_plan(GitHub(github.url, "user"), "Octocat") == "free"
    assert read_plan(GitHub(github.url, "owner"), "octocat") is None
    change(github, "octocat", "pro")
    assert read_plan(GitHub(github.url, "user"), "octocat") == "pro"


def test_an_organisation_that_refuses_the_token_has_no_known_plan(github: Server) -> None:
    """An organisation that refuses the token (403) has an unknown plan, and the run continues."""
    fault = {"kind": "status", "status": 403, "path": ".*/orgs/acme", "count": None}
    control(github, "POST", "faults", fault)
    assert read_plan(GitHub(github.url, "owner"), "acme") is None


@pytest.mark.usefixtures("no_backoff")
def test_a_server_error_is_no_unknown_plan(github: Server) -> None:
    """A server error is raised, and not taken for an unknown plan."""
    fault = {"kind": "status", "status": 500, "path": ".*/orgs/acme", "count": None}
    control(github, "POST", "faults", fault)
    with pytest.raises(ConfigurationError, match="answers 500 to orgs/acme"):
        read_plan(GitHub(github.url, "owner"), "acme")


@pytest.mark.parametrize("host", ["octocorp.ghe.com", "github.example.com"])
def test_elsewhere_every_owner_has_enterprise(github: Server, host: str) -> None:
    """On ghe.com and on a server every owner has Enterprise, whatever GitHub answers."""
    session = GitHub(github.url, "owner", github=GitHubHost(host=host))
    assert read_plan(session, "acme") == "enterprise"
    assert read_plan(GitHub(github.url, "owner"), "acme") == "team"
