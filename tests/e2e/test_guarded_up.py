"""`slipway up` carries out what adds and repairs, and asks before it takes away or weakens."""

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, Project, World, new_project, running_world
from tests.e2e.tampering import hands

PROD = "repos/acme/billing/environments/prod"
BILLING = """\
repository: billing
environments:
  prod: {reviewers: {users: [hubot, octocat]}}
  dev: {reviewers: {users: [hubot]}}
"""
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
PAYMENTS = "repository: payments\nenvironments:\n  test: {reviewers: {teams: [approvers]}}\n"
PROTECTION = "branches/main/protection"
PROTECTED = {
    "required_status_checks": None,
    "enforce_admins": None,
    "required_pull_request_reviews": {"required_approving_review_count": 1},
    "restrictions": None,
}
GONE = ("archived", "deleted", "renamed", "half-gone")
FORGET = "plan/forget"
NEW_VARIABLE = "  dev: {variables: {NEW: '1'}}\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Two repositories, onboarded by `slipway up` without anybody's consent."""
    folder = tmp_path_factory.mktemp("guarded")
    with running_world(folder) as world:
        make_team(world, "Approvers")
        project = new_project(world, folder)
        project.new_stack("s", ONE_ACCOUNT, billing=BILLING, payments=PAYMENTS)
        world.github("PUT", f"repos/acme/payments/{PROTECTION}", PROTECTED)
        project.slipway("up", "s", "--yes")
        assert project.changes("s", "--refresh") == {}
        yield project


def reviewers(world: World) -> set[str]:
    """Logins of those who may approve."""
    rules = {rule["type"]: rule for rule in world.github("GET", PROD)["protection_rules"]}
    return {who["reviewer"]["login"] for who in rules["required_reviewers"]["reviewers"]}


def roles(world: World) -> list[str]:
    """Names of slipway's roles for prod."""
    found = world.iam("333333333333").list_roles(PathPrefix="/slipway/")["Roles"]
    return sorted(role["RoleName"] for role in found if role["RoleName"].endswith("-prod"))


def test_protection_is_weakened_with_consent_only(project: Project) -> None:
    """The refusal names what and changes nothing; with --accept it is done.

    Others that may approve, one more branch, longer sessions, more rights, a role made again.
    """
    project.write("stacks/s/billing.yaml", WEAKER)
    said = project.slipway("up", "s", "--yes", expect=5).stderr
    for reason in (
        "environment prod, admin_bypass would become weaker: false -> true",
        "environment prod, reviewers would become weaker in part: hubot, octocat -> monalisa",
        "environment prod, branch policy x/* would become weaker: nothing -> x/*",
        "role acme.billing-prod, max_session_seconds would become weaker: 3600 -> 7200",
        f"role acme.billing-prod, managed policy {ADMINISTRATOR} would become weaker: nothing -> a",
        "role acme.billing-test would be deleted and made again, for its path, though it is decl",
    ):
        assert f"billing: {reason}" in said
    assert project.world.github("GET", PROD)["can_admins_bypass"] is False
    assert reviewers(project.world) == {"hubot", "octocat"}
    project.write("stacks/s/billing.yaml", "repository: billing\n" + PROD_WITH_HUBOT)
    project.slipway("up", "s", "--yes", "--accept")
    assert project.world.github("GET", PROD)["can_admins_bypass"] is True
    project.write("stacks/s/billing.yaml", BILLING)
    project.slipway("up", "s", "--yes")
    assert project.world.github("GET", PROD)["can_admins_bypass"] is False
    assert reviewers(project.world) == {"hubot", "octocat"}


PROD_WITH_HUBOT = (
    "environments: {prod: {reviewers: {users: [hubot, octocat]}, admin_bypass: true}}\n"
)
WEAKER = f"""\
repository: billing
environments:
  test: {{role: {{path: /elsewhere/}}}}
  prod:
    admin_bypass: true
    reviewers: {{users: [monalisa]}}
    deployment_branches: [main, x/*]
    role: {{max_session_seconds: 7200, managed_policies: ['{ADMINISTRATOR}']}}
"""


def test_a_delete_that_no_declaration_caused_is_asked_about(project: Project) -> None:
    """A program that omits a declared object would delete it: `up` refuses."""
    program = (project.folder / "__main__.py").read_text(encoding="utf-8")
    (project.folder / "__main__.py").unlink()
    made = "onboarded(files.stack,"
    assert made in program
    fewer = "files.stack.model_copy(update={'repositories': files.stack.repositories[1:]})"
    project.write("__main__.py", program.replace(made, f"onboarded({fewer},"))
    done = project.slipway("up", "s", "--yes", expect=5)
    for lost in ("environment prod", "role acme.billing-prod", "python-prd.yml on main"):
        assert f"billing: {lost} would be deleted, though it is declared" in done.stderr
    (project.folder / "__main__.py").write_text(program, encoding="utf-8")
    assert roles(project.world) == ["acme.billing-prod", "acme.payments-prod"]


def test_drift_is_repaired_without_consent(project: Project) -> None:
    """Also removed reviewers, which Pulumi's own refresh does not see, and what goes both ways."""
    world = project.world
    world.github("PUT", PROD, {"can_admins_bypass": False, "deployment_branch_policy": None})
    monalisa = {"type": "User", "id": world.github("GET", "users/monalisa")["id"]}
    rules = {"can_admins_bypass": True, "reviewers": [monalisa]}
    custom = {"protected_branches": False, "custom_branch_policies": True}
    dev = {"deployment_branch_policy": custom, **rules}
    world.github("PUT", PROD.replace("/prod", "/dev"), dev)
    hands.trust(world, "billing-prod", "environment:prod", "environment:dev")
    # Who looks first is asked no more than who goes on at once. A question that nobody answers is
    # no: without a terminal and without --yes nothing is carried out, with Pulumi's code for that.
    project.write("stacks/s/payments.yaml", PAYMENTS + NEW_VARIABLE)
    said = project.slipway("up", "s", expect=8).stderr
    assert "weaker" not in said
    assert "  create payments: environment dev, variable NEW\n" in said
    assert " changes; say --yes" in said
    variables = world.github("GET", "repos/acme/payments/environments/dev/variables")["variables"]
    assert "NEW" not in {variable["name"] for variable in variables}
    project.write("stacks/s/payments.yaml", PAYMENTS)
    project.slipway("up", "s", "--yes")
    assert reviewers(world) == {"hubot", "octocat"}
    assert project.slipway("drift", "s").stdout.startswith("s: 2 repositories as declared")
    again = project.slipway("up", "s", "--yes")
    assert "s: everything is as declared" in again.stderr
    assert "Outputs" not in again.stderr


def test_what_no_plan_shows_is_asked_about(project: Project) -> None:
    """Another team of the same name, visibility, protection: no plan differs for any of them.

    Ids tell the team; of what nobody declares the state has what it was at the last up. A look that
    was refused forgets nothing.
    """
    world, payments = project.world, "repos/acme/payments"
    assert world.github("GET", payments)["visibility"] == "private"
    world.github("PATCH", "orgs/acme/teams/approvers", {"name": "Former"})
    make_team(world, "Approvers")
    hands.environment(world, "payments/test", reviewers=["Team approvers"])
    world.github("PATCH", payments, {"private": False})
    world.github("DELETE", f"{payments}/{PROTECTION}")
    assert project.changes("s", "--refresh") == {}
    said = project.slipway("drift", "s", expect=7).stdout
    assert "weaker      environment test: reviewer ids [by hand]" in said
    assert "weaker      repository: visibility [by hand]" in said
    assert "weaker      branch main: protection [by hand]" in said
    look = ("preview", "--refresh", "--expect-no-changes", "--stack", "s")
    done = project.pulumi(*look, SLIPWAY_LOOK="warn")
    told = " ".join((done.stdout + done.stderr).split())
    assert "weaker: repository: visibility: private -> public; by hand: make it private" in told
    assert "weaker: branch main: protection: protected -> nothing; by hand: protect the" in told
    another = "payments: environment test has a reviewer of the declared name that is ano"
    said = project.slipway("up", "s", "--yes", expect=5).stderr
    assert another in said
    assert "payments was private at the last up and is public now" in said
    assert "payments: branch main is less protected than at the last up: protected -> no" in said
    world.github("PATCH", payments, {"private": True})
    world.github("PUT", f"{payments}/{PROTECTION}", PROTECTED)
    said = project.slipway("up", "s", "--yes", expect=5).stderr
    assert another in said
    assert "last up" not in said
    project.slipway("up", "s", "--yes", "--accept")
    project.slipway("drift", "s")
    lose_access(project, "approvers")
    world.github("PATCH", "orgs/acme/teams/approvers", {"name": "Deciders"})
    said = project.slipway("drift", "s", expect=1).stdout
    assert "neutral     environment test: reviewers [by hand]" in said
    assert "team approvers -> team deciders" in said
    world.github("PATCH", "orgs/acme/teams/deciders", {"name": "Approvers"})


def lose_access(project: Project, team: str) -> None:
    """The team is told while it is still required, and once GitHub has dropped it; it comes back.

    By hand: each write of the environment leaves it out, whatever is sent.
    """
    world, place = project.world, f"orgs/acme/teams/{team}/repos/acme/payments"
    looking = ("drift", "s", "--no-preview")
    world.github("DELETE", place)
    said = project.slipway(*looking, expect=7).stdout
    assert "neutral     environment test: reviewers' access [by hand]" in said
    hands.environment(world, "payments/test")
    said = project.slipway(*looking, expect=7).stdout
    assert "weaker      environment test: reviewers [by hand]" in said
    assert f"team {team} (no access) -> nothing" in said
    assert "1 by hand: give the team access to the repository" in said
    world.github("PUT", place, {"permission": "pull"})
    hands.environment(world, "payments/test", reviewers=[f"Team {team}"])


def make_team(world: World, name: str) -> None:
    """A team that may see payments."""
    world.github("POST", "orgs/acme/teams", {"name": name})
    grant = f"orgs/acme/teams/{name.lower()}/repos/acme/payments"
    world.github("PUT", grant, {"permission": "pull"})


def test_a_reviewer_that_the_provider_cannot_read_is_named(project: Project) -> None:
    """It ends every refresh, so it is told where; and nothing takes it away without consent."""
    enterprise = {"enterprise_teams": ["ent:xyz"]}
    project.world.control("PUT", "reviewers/acme/payments/dev", enterprise)
    place = "environment dev of acme/payments has a reviewer that Pulumi's GitHub provider cannot"
    for command in (("up", "s", "--yes"), ("refresh", "s")):
        said = project.slipway(*command, expect=1).stderr
        assert place in said
        assert "unmarshal" not in said
    said = project.slipway("drift", "s", expect=1).stdout
    assert "BusinessTeam ent:xyz" in said
    assert place in said
    project.world.control("PUT", "reviewers/acme/payments/dev", {})
    seed = {"owner": "acme", "name": "fresh", "files": {"a": "b"}, "environments": [FRESH]}
    project.world.control("POST", "seed", {"repositories": [seed]})
    project.write("stacks/s/fresh.yaml", "repository: fresh\n")
    said = project.slipway("up", "s", "--yes", expect=5).stderr
    assert (
        "fresh: environment dev would be written and may lose rules that slipway does not" in said
    )
    (project.folder / "stacks/s/fresh.yaml").unlink()


FRESH = {"name": "dev", "reviewers": {"enterprise_teams": ["ent:xyz"]}}


def test_a_secret_that_is_handed_over_stays_as_it_is(project: Project) -> None:
    """Declared `external`, it is Pulumi's no more and GitHub's still, without anybody's consent."""
    world = project.world
    secret = "  dev: {secrets: {HANDED: %s}}\n"
    project.write("stacks/s/payments.yaml", PAYMENTS + secret % "{env: A_VALUE}")
    project.slipway("up", "s", "--yes", A_VALUE="somebody-knows")
    path = "repos/acme/payments/environments/dev/secrets"
    before = world.github("GET", path)
    assert before["total_count"] == 1
    project.write("stacks/s/payments.yaml", PAYMENTS + secret % "external")
    done = project.slipway("up", "s", "--yes")
    assert "payments: environment dev, secret HANDED is external now" in done.stderr
    assert world.github("GET", path) == before
    assert "HANDED" not in project.pulumi("stack", "export", "--stack", "s").stdout
    assert project.changes("s", "--refresh") == {}
    world.github("DELETE", f"{path}/HANDED")
    project.write("stacks/s/payments.yaml", PAYMENTS)


class LetGo(NamedTuple):
    """Four repositories that were offboarded in one run, after a refusal."""

    world: World
    refusal: str
    """The output without --accept."""
    kept: set[str]
    """Roles after that."""


@pytest.fixture(scope="module")
def let_go(project: Project) -> LetGo:
    """Four more repositories, onboarded; GitHub changed under them; offboarded in one run."""
    world = project.world
    for name in GONE:
        seed = {"owner": "acme", "name": name, "files": {"a": "b"}}
        world.control("POST", "seed", {"repositories": [seed]})
        project.write(f"stacks/s/{name}.yaml", f"repository: {name}\n")
    project.slipway("up", "s", "--yes")
    assert {f"acme.{name}-prod" for name in GONE} < set(roles(world))
    theirs = {"name": "THEIRS", "value": "1"}
    world.github("POST", "repos/acme/renamed/environments/prod/variables", theirs)
    world.github("PATCH", "repos/acme/archived", {"archived": True})
    world.github("DELETE", "repos/acme/deleted")
    world.control("PATCH", "repositories/acme/renamed", {"name": "newer"})
    world.github("DELETE", "repos/acme/half-gone/environments/prod")
    for name in GONE:
        (project.folder / f"stacks/s/{name}.yaml").unlink()
    said = project.slipway("drift", "s", "--json", expect=7).stdout
    (told,) = [one for one in json.loads(said)["stacks"][0]["findings"] if one["rule"] == FORGET]
    assert (told["repository"], told["repair"]) == ("archived", "refresh, then up")
    refusal = project.slipway("up", "s", "--yes", expect=5).stderr
    kept = set(roles(world))
    project.slipway("up", "s", "--yes", "--accept")
    assert project.changes("s", "--refresh") == {}
    return LetGo(world, refusal, kept)


def test_more_than_a_quarter_of_the_repositories_are_not_let_go_silently(let_go: LetGo) -> None:
    """The message names the repositories and their foreign objects; --accept deletes these."""
    assert "4 of 6 repositories would lose something: " in let_go.refusal
    assert "would be deleted with foreign objects in it: variable THEIRS" in let_go.refusal
    assert {f"acme.{name}-prod" for name in GONE} < let_go.kept


def test_roles_of_what_cannot_be_written_to_go_as_well(let_go: LetGo) -> None:
    """Nothing of an archived, deleted, renamed or half deleted repository stops the run."""
    assert roles(let_go.world) == ["acme.billing-prod", "acme.payments-prod"]


@pytest.mark.parametrize(("name", "left"), [("archived", 3), ("newer", 0), ("half-gone", 0)])
def test_environments_go_where_github_lets_them(let_go: LetGo, name: str, left: int) -> None:
    """All in an archived repository stays; under a new name all goes; a gone one is forgotten."""
    world = let_go.world
    assert world.github("GET", f"repos/acme/{name}/environments")["total_count"] == left
    tree = world.github("GET", f"repos/acme/{name}/git/trees/main?recursive=1")["tree"]
    assert len([file for file in tree if file["path"].endswith(".yml")]) == left
