"""`slipway up` adds and repairs without consent, and asks before it deletes or weakens.

The runs of one stack follow each other in the fixtures, each with as many changes as possible. The
tests check the results.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, SOON, Project, World, new_project, running_world
from tests.e2e.tampering import hands

PROD = "repos/acme/billing/environments/prod"
BILLING = """\
repository: billing
environments:
  prod: {reviewers: {users: [hubot, octocat]}}
  dev: {reviewers: {users: [hubot]}}
"""
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
WEAKER = f"""\
repository: billing
environments:
  test: {{role: {{path: /elsewhere/}}}}
  prod:
    admin_bypass: true
    reviewers: {{users: [monalisa]}}
    deployment_branches: [main, x/*]
    accept_weaker: a branch of the vendor until {SOON}
    role: {{max_session_seconds: 7200, managed_policies: ['{ADMINISTRATOR}']}}
"""
#: Another version of Python, which changes the workflow files.
STRICT = BILLING + "python_versions: ['3.12']\n"
#: Test's administrators may not bypass its rules.
STRICT_TEST = "environments:\n  test: {admin_bypass: false}\n"
WEAKER_BYPASS = STRICT.replace("octocat]}}", "octocat]}, admin_bypass: true}")
PAYMENTS = """\
repository: payments
environments:
  test: {{reviewers: {{teams: [approvers]}}}}
  prod: {{reviewers: {{users: [octocat]}}}}
  dev: {{secrets: {{HANDED: {}}}, variables: {{{}}}}}
"""
WITH_VALUE = PAYMENTS.format("{env: A_VALUE}", "")
EXTERNAL = PAYMENTS.format("external", "")
VALUE = "somebody-knows"
PROTECTION = "repos/acme/payments/branches/main/protection"
PROTECTED = {
    "required_status_checks": None,
    "enforce_admins": None,
    "required_pull_request_reviews": {"required_approving_review_count": 1},
    "restrictions": None,
}
#: A reviewer that GitHub's GraphQL API returns and its REST API does not.
UNREADABLE = {"enterprise_teams": ["ent:xyz"]}
ANOTHER_TEAM = "payments: environment test has a reviewer of the declared name that is ano"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Two onboarded repositories. The fixtures below change them, in this order."""
    folder = tmp_path_factory.mktemp("guarded")
    with running_world(folder) as world:
        make_team(world, "Approvers")
        project = new_project(world, folder)
        project.new_stack("s", ONE_ACCOUNT, billing=BILLING, payments=WITH_VALUE)
        world.github("PUT", PROTECTION, PROTECTED)
        project.pulumi("up", "--yes", "--skip-preview", "--stack", "s", A_VALUE=VALUE)
        yield project


def make_team(world: World, name: str) -> None:
    """Make a team that has access to payments."""
    world.github("POST", "orgs/acme/teams", {"name": name})
    grant = f"orgs/acme/teams/{name.lower()}/repos/acme/payments"
    world.github("PUT", grant, {"permission": "pull"})


def reviewers(world: World) -> set[str]:
    """Logins of the reviewers of billing's prod."""
    rules = {rule["type"]: rule for rule in world.github("GET", PROD)["protection_rules"]}
    return {who["reviewer"]["login"] for who in rules["required_reviewers"]["reviewers"]}


def protection(world: World) -> tuple[bool, set[str]]:
    """Whether administrators may bypass the rules of billing's prod, and its reviewers."""
    return world.github("GET", PROD)["can_admins_bypass"], reviewers(world)


def secrets(world: World) -> Any:
    """The secrets of payments' dev, with their times."""
    return world.github("GET", "repos/acme/payments/environments/dev/secrets")


class Refused(NamedTuple):
    """Reports on a stack with many deleted and weaker values."""

    preview: str
    """The warnings of a preview, before the declarations were changed."""
    drift: str
    """The report of `slipway drift` at that time."""
    refusal: str
    """The errors of `slipway up --yes` with the changed declarations."""
    protection: tuple[bool, set[str]]
    """The protection of billing's prod afterwards."""


@pytest.fixture(scope="module")
def refused(project: Project) -> Refused:
    """GitHub is changed where no plan shows it; then the declarations become weaker."""
    world = project.world
    assert world.github("GET", "repos/acme/payments")["visibility"] == "private"
    world.github("PATCH", "orgs/acme/teams/approvers", {"name": "Former"})
    make_team(world, "Approvers")
    hands.environment(world, "payments/test", reviewers=["Team approvers"])
    world.github("PATCH", "repos/acme/payments", {"private": False})
    world.github("DELETE", PROTECTION)
    drift = project.slipway("drift", "s", expect=7, A_VALUE=VALUE).stdout
    preview = ("preview", "--refresh", "--expect-no-changes", "--stack", "s")
    previewed = project.pulumi(*preview, SLIPWAY_LOOK="warn", A_VALUE=VALUE)
    warnings = " ".join((previewed.stdout + previewed.stderr).split())

    fresh = {"owner": "acme", "name": "fresh", "files": {"a": "b"}}
    dev = {"name": "dev", "reviewers": UNREADABLE}
    world.control("POST", "seed", {"repositories": [fresh | {"environments": [dev]}]})
    project.write("stacks/s/fresh.yaml", "repository: fresh\n")
    project.write("stacks/s/billing.yaml", WEAKER)
    refusal = project.slipway("up", "s", "--yes", expect=5, A_VALUE=VALUE).stderr
    (project.folder / "stacks/s/fresh.yaml").unlink()
    return Refused(warnings, drift, refusal, protection(world))


def advised(said: str) -> dict[str, str]:
    """The reasons of a refusal by the identifiers in the option that it prints."""
    found = re.search("say --accept ([0-9a-f,]+)$", said, re.MULTILINE)
    assert found, said
    listed = dict(re.findall("^  (?:accepted )?([0-9a-f]{12})  (.*)$", said, re.MULTILINE))
    assert list(listed) == found[1].split(",")
    return listed


class Accepted(NamedTuple):
    """Runs of `slipway up` for one weaker rule and another team, which need consent."""

    baseline: str
    """The errors without an acceptance in the declaration, with plain `--accept`."""
    other_plan: str
    """The errors with the consent that another plan's refusal had asked for."""
    one_of_two: str
    """The errors with consent to the first of two reasons."""
    reasons: dict[str, str]
    """Both reasons by their identifiers."""
    carried_out: str
    """The errors with consent to both."""


@pytest.fixture(scope="module")
def accepted(project: Project, refused: Refused) -> Accepted:
    """The runs of `Accepted`; visibility and branch protection are put right by hand before."""
    world = project.world
    world.github("PATCH", "repos/acme/payments", {"private": True})
    world.github("PUT", PROTECTION, PROTECTED)
    up = ("up", "s", "--yes")

    def errors(code: int, *consent: str) -> str:
        return project.slipway(*up, *consent, expect=code, A_VALUE=VALUE).stderr

    project.write("stacks/s/billing.yaml", WEAKER_BYPASS.replace("environments:\n", STRICT_TEST))
    baseline = errors(2, "--accept")
    project.write("stacks/s/billing.yaml", WEAKER_BYPASS)
    other_plan = errors(5, "--accept", next(iter(advised(refused.refusal))))
    first, second = reasons = advised(other_plan)
    one_of_two = errors(5, "--accept", first)
    assert protection(world) == (False, {"hubot", "octocat"})
    carried_out = errors(0, "--accept", second, f"--accept={first}")
    assert protection(world) == (True, {"hubot", "octocat"})
    return Accepted(baseline, other_plan, one_of_two, reasons, carried_out)


class Repaired(NamedTuple):
    """Runs that need no consent."""

    drift: str
    """The report of `slipway drift` before them."""
    unanswered: str
    """The errors of `slipway up` without a terminal and without --yes."""
    carried_out: str
    """The errors of `slipway up --yes`."""
    again: str
    """The errors of the same command once more."""
    secrets: tuple[Any, Any]
    """The secrets of payments' dev before and after."""
    policies: list[str]
    """The branch policies of payments' prod after the first run."""


@pytest.fixture(scope="module")
def repaired(project: Project, accepted: Accepted) -> Repaired:
    """The declarations are strict again, and GitHub and AWS are changed by hand."""
    assert accepted
    world = project.world
    project.write("stacks/s/billing.yaml", STRICT)
    world.github("PUT", PROD, {"can_admins_bypass": False, "deployment_branch_policy": None})
    monalisa = {"type": "User", "id": world.github("GET", "users/monalisa")["id"]}
    rules = {"can_admins_bypass": True, "reviewers": [monalisa]}
    custom = {"protected_branches": False, "custom_branch_policies": True}
    dev = {"deployment_branch_policy": custom, **rules}
    world.github("PUT", PROD.replace("/prod", "/dev"), dev)
    hands.trust(world, "billing-prod", "environment:prod", "environment:dev")
    hands.add_pattern(world, "payments/prod", "*")
    hands.remove_pattern(world, "payments/prod", "main")
    drift = project.slipway("drift", "s", expect=7, A_VALUE=VALUE).stdout
    project.write("stacks/s/payments.yaml", PAYMENTS.format("{env: A_VALUE}", "NEW: '1'"))
    unanswered = project.slipway("up", "s", expect=8, A_VALUE=VALUE).stderr
    variables = world.github("GET", "repos/acme/payments/environments/dev/variables")["variables"]
    assert "NEW" not in {variable["name"] for variable in variables}

    before = secrets(world)
    project.write("stacks/s/payments.yaml", EXTERNAL)
    carried_out = project.slipway("up", "s", "--yes").stderr
    place = "repos/acme/payments/environments/prod/deployment-branch-policies"
    policies = [one["name"] for one in world.github("GET", place)["branch_policies"]]
    again = project.slipway("up", "s", "--yes").stderr
    return Repaired(drift, unanswered, carried_out, again, (before, secrets(world)), policies)


@pytest.mark.parametrize(
    "reason",
    [
        "environment prod, admin_bypass would become weaker: false -> true",
        "environment prod, reviewers would become weaker in part: hubot, octocat -> monalisa",
        "environment prod, branch policy x/* would become weaker: nothing -> x/*",
        "role acme.billing-prod, max_session_seconds would become weaker: 3600 -> 7200",
        f"role acme.billing-prod, managed policy {ADMINISTRATOR} would become weaker: nothing -> a",
        "role acme.billing-test would be deleted and made again, for its path, though it is decl",
    ],
)
def test_a_weaker_declaration_is_refused(refused: Refused, reason: str) -> None:
    """The refusal names each weaker value, and nothing is changed."""
    assert f"billing: {reason}" in refused.refusal
    assert refused.protection == (False, {"hubot", "octocat"})


def test_a_weaker_declaration_is_carried_out_with_consent(accepted: Accepted) -> None:
    """Consent to each reason carries it out (see the fixture); they are listed all the same."""
    weaker = "billing: environment prod, admin_bypass would become weaker: false -> true"
    assert weaker in accepted.reasons.values()
    for identifier, text in accepted.reasons.items():
        assert f"  accepted {identifier}  {text}\n" in accepted.carried_out


def test_each_reason_needs_its_own_consent(accepted: Accepted) -> None:
    """Consent to one of two reasons is printed as such, and the plan is refused."""
    first, second = accepted.reasons
    assert f"  accepted {first}  " in accepted.one_of_two
    assert f"  {second}  {accepted.reasons[second]}\n" in accepted.one_of_two
    assert f"nothing was changed; if all of this is meant, say --accept {first},{second}" in (
        accepted.one_of_two
    )


def test_consent_to_another_plan_is_refused(refused: Refused, accepted: Accepted) -> None:
    """An identifier of a reason that this plan does not have is named, with the present reasons."""
    then = next(iter(advised(refused.refusal)))
    assert then not in accepted.reasons
    assert f"  {then} is no reason of this plan\n" in accepted.other_plan


def test_up_holds_prod_to_the_baseline(accepted: Accepted) -> None:
    """`up` refuses a prod that is weaker than test; `--accept` is no acceptance of that."""
    assert "stacks/s/billing.yaml:" in accepted.baseline
    assert (
        "environments.prod.admin_bypass: billing: administrators may bypass prod's rules, and "
        in (accepted.baseline)
    )
    assert "1 problem. Nothing was changed." in accepted.baseline


@pytest.mark.usefixtures("accepted")
def test_a_plan_of_files_is_carried_out(project: Project) -> None:
    """The plan leaves the ids of commits open: they are known only after each commit."""
    assert "3.12" in hands.workflow(project.world, "billing", "main", "python-test.yml")


def test_drift_names_what_no_plan_shows(refused: Refused) -> None:
    """Drift reports another team of the same name, visibility and branch protection.

    A preview has no change for any of them. Ids distinguish the teams. No declaration has
    visibility or branch protection; the state contains their values at the last `up`.
    """
    assert "weaker      environment test: reviewer ids [by hand]" in refused.drift
    assert "weaker      repository: visibility [by hand]" in refused.drift
    assert "weaker      branch main: protection [by hand]" in refused.drift
    assert (
        "by hand: make it private again, or accept it: slipway up s lists an identifier"
        in refused.drift
    )
    preview = refused.preview
    assert "weaker: repository: visibility: private -> public; by hand: make it private" in preview
    assert "weaker: branch main: protection: protected -> nothing; by hand: protect the" in preview


def test_up_refuses_what_no_plan_shows(refused: Refused, accepted: Accepted) -> None:
    """`up` refuses for each of the three until it is repaired: a refused run accepts none."""
    assert ANOTHER_TEAM in refused.refusal
    assert "payments was private at the last up and is public now" in refused.refusal
    weaker = "payments: branch main is less protected than at the last up: protected -> no"
    assert weaker in refused.refusal
    assert ANOTHER_TEAM in accepted.carried_out
    assert "last up" not in accepted.carried_out


def test_an_environment_with_an_unreadable_reviewer_is_not_written(refused: Refused) -> None:
    """`up` refuses to write the environment, because the write would remove the reviewer.

    The provider cannot read that reviewer.
    """
    reason = "environment dev would be written and may lose rules that slipway does not"
    assert f"fresh: {reason}" in refused.refusal


def test_drift_is_repaired_without_consent(project: Project, repaired: Repaired) -> None:
    """`up` repairs removed reviewers, which Pulumi's refresh overlooks, and both-ways changes.

    A run without a terminal and without --yes lists the same repairs and asks for no consent.
    """
    assert "weaker" not in repaired.unanswered
    assert protection(project.world) == (False, {"hubot", "octocat"})
    assert "s: everything is as declared" in repaired.again
    assert "Outputs" not in repaired.again


def test_a_declared_branch_is_restored_beside_a_wider_one(repaired: Repaired) -> None:
    """The wider pattern goes and the declared one comes back, without consent."""
    payments = repaired.drift.partition("acme/payments\n")[2]
    assert "neutral     environment prod, branch policy main [up]" in payments
    assert "weaker      environment prod, branch policy * [up]" in payments
    assert repaired.policies == ["main"]


def test_no_answer_means_no(repaired: Repaired) -> None:
    """Without a terminal and without --yes nothing is changed; the exit code is Pulumi's, 8."""
    changes = repaired.unanswered.partition("    payments: ")[2]
    assert "\n      create environment dev, variable NEW\n" in changes
    assert " changes; say --yes" in repaired.unanswered


def test_an_external_secret_stays_on_github(project: Project, repaired: Repaired) -> None:
    """Declared `external`, a secret leaves Pulumi's state without consent; GitHub keeps it."""
    assert "payments: environment dev, secret HANDED is external now" in repaired.carried_out
    before, after = repaired.secrets
    assert before["total_count"] == 1
    assert after == before
    assert "HANDED" not in project.pulumi("stack", "export", "--stack", "s").stdout


@pytest.mark.usefixtures("repaired")
def test_an_expired_acceptance_stops_no_plain_pulumi(project: Project) -> None:
    """A day's end makes `validate` and `slipway up` refuse; the program and drift only tell."""
    bypass = WEAKER_BYPASS.replace("environments:\n", STRICT_TEST)
    accepting = "admin_bypass: true, accept_weaker: it moves until {}}"
    for until, expect in ((SOON, 0), ("2026-01-31", 2)):
        text = bypass.replace("admin_bypass: true}", accepting.replace("{}", str(until)))
        project.write("stacks/s/billing.yaml", text)
        said = project.slipway("validate", "s", expect=expect).stderr
        assert "billing: administrators may bypass prod's rules, and not test's" in said
        told = f"accepted until {until}" + (": it moves" if expect else " (it moves)")
        assert told in said
    expired = "It was accepted until 2026-01-31: it moves"
    assert expired in project.slipway("up", "s", "--yes", "--accept", expect=2).stderr
    previewed = project.pulumi("preview", "--stack", "s", expect=0, COLUMNS="300")
    assert expired in " ".join((previewed.stdout + previewed.stderr).split())
    assert expired in project.slipway("drift", "s", "--no-preview", expect=7).stderr
    project.write("stacks/s/billing.yaml", STRICT)


@pytest.mark.usefixtures("repaired")
def test_a_delete_that_no_declaration_caused_is_refused(project: Project) -> None:
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
    roles = project.world.iam("333333333333").list_roles(PathPrefix="/slipway/")["Roles"]
    names = {role["RoleName"] for role in roles}
    assert names > {"acme.billing-prod", "acme.payments-prod"}


@pytest.mark.usefixtures("repaired")
def test_a_renamed_team_is_neutral(project: Project) -> None:
    """A renamed team is still the declared reviewer, so the finding is neutral."""
    world = project.world
    world.github("PATCH", "orgs/acme/teams/approvers", {"name": "Deciders"})
    report = project.slipway("drift", "s", "--no-preview", expect=7).stdout
    assert "neutral     environment test: reviewers [by hand]" in report
    assert "declared team approvers -> live team deciders" in report
    world.github("PATCH", "orgs/acme/teams/deciders", {"name": "Approvers"})


@pytest.mark.usefixtures("repaired")
def test_a_team_that_loses_access_is_reported(project: Project) -> None:
    """The finding is neutral while the team is required, and weaker after GitHub removed it.

    Only a user can repair it: GitHub ignores a team without access in each write of the
    environment.
    """
    world, place = project.world, "orgs/acme/teams/approvers/repos/acme/payments"
    drift = ("drift", "s", "--no-preview")
    world.github("DELETE", place)
    report = project.slipway(*drift, expect=7).stdout
    assert "neutral     environment test: reviewers' access [by hand]" in report
    hands.environment(world, "payments/test")
    report = project.slipway(*drift, expect=7).stdout
    assert "weaker      environment test: reviewers [by hand]" in report
    assert "team approvers (no access) -> live nothing" in report
    assert "1 by hand: give the team access to the repository" in report
    world.github("PUT", place, {"permission": "pull"})
    hands.environment(world, "payments/test", reviewers=["Team approvers"])


@pytest.mark.usefixtures("repaired")
def test_a_reviewer_that_the_provider_cannot_read_is_named(project: Project) -> None:
    """The provider's refresh fails on it: `up`, which begins with one, and `drift` name it."""
    project.world.control("PUT", "reviewers/acme/payments/dev", UNREADABLE)
    place = "environment dev of acme/payments has a reviewer that Pulumi's GitHub provider cannot"
    errors = project.slipway("up", "s", "--yes", expect=1).stderr
    assert place in errors
    assert "unmarshal" not in errors
    report = project.slipway("drift", "s", expect=1).stdout
    assert "BusinessTeam ent:xyz" in report
    assert place in report
    project.world.control("PUT", "reviewers/acme/payments/dev", {})
