"""The trust of a role moves to pinned claims, and to a subject with ids, without a refused job."""

import base64
import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

from tests.e2e.conftest import ONE_ACCOUNT, Project, World, new_project
from tests.e2e.deploy_jobs import DeployJob, assumed

ACCOUNT = "333333333333"
ROLES = f"arn:aws:iam::{ACCOUNT}:role/slipway"
#: A file that a user who may push adds; dev's environment admits its branch.
THEIRS = ".github/workflows/theirs.yml"
PINNED_ALONE = "{claims: pinned, keep_subject_statement: false}"
ONLY_DEV = ", test: none, prod: none"
OTHERS = ("ledger", "orders")
#: Any workflow may name the environment, and then has the subject of the deployment.
STOLEN = """\
name: python-dev
on: push
jobs:
  deploy-dev:
    runs-on: ubuntu-latest
    environment: dev
    permissions: {id-token: write}
    steps: [{run: ./steal}]
"""


#: The story of one repository. It yields where it has declared; then an update runs, once for all
#: stories.
Story = Generator[None]


def declare_dev(project: Project, name: str, trust: str, more: str = "") -> None:
    """Declare a repository with this trust of dev, a YAML mapping, and more environments."""
    declaration = f"repository: {name}\nenvironments: {{dev: {{trust: {trust}}}{more}}}\n"
    project.write(f"stacks/s/{name}.yaml", declaration)


def token(world: World, name: str = "billing", file: str = "", owner: str = "acme") -> str:
    """The id-token of dev's deployment, as GitHub gives it now."""
    return DeployJob(name, "dev", "develop", other_file=file, owner=owner).token(world)


def assumes(
    world: World, web_identity: str, environment: str = "dev", role: str | None = None
) -> bool:
    """Whether STS gives the environment's role, or one of another name, for a token."""
    answer = assumed(world, web_identity, f"{ROLES}/{role or f'acme.billing-{environment}'}")
    assert answer == "AccessDenied" or answer.startswith("arn:"), answer
    return answer != "AccessDenied"


def statements(world: World) -> list[dict[str, Any]]:
    """What each statement of dev's role compares."""
    role = world.iam(ACCOUNT).get_role(RoleName="acme.billing-dev")["Role"]
    found = role["AssumeRolePolicyDocument"]["Statement"]
    return [one["Condition"]["StringEquals"] for one in found]


def trust_of_dev(project: Project) -> dict[str, Any]:
    """What `slipway trust` tells about the role of billing's dev."""
    document = json.loads(project.slipway("trust", "s", "--json").stdout)
    wanted = ("billing", "dev")
    (found,) = [
        one for one in document["roles"] if (one["repository"], one["environment"]) == wanted
    ]
    assert found["live"] == found["declared"]
    assert found["admits_deployments"] is True
    return dict(found)


def one_environment_moves_to_pinned_claims(project: Project) -> Story:
    """In each step the deployment gets its role; once pinned alone, no other file of it does."""
    world = project.world
    declare_dev(project, "billing", "{}")
    yield
    content = base64.b64encode(STOLEN.encode()).decode()
    body = {"message": "x", "branch": "develop", "content": content}
    world.github("PUT", f"repos/acme/billing/contents/{THEIRS}", body)
    assert assumes(world, token(world))
    assert assumes(world, token(world, file=THEIRS)), "the subject alone does not tell files apart"

    declare_dev(project, "billing", "{claims: pinned}")
    yield
    listed = trust_of_dev(project)
    assert listed["pinned_admits_deployments"] is True
    assert [one["declare"] for one in listed["droppable"]] == [
        "trust.keep_subject_statement: false"
    ]
    pinned, alone = statements(world)
    assert len(pinned) == len(alone) + 5
    assert assumes(world, token(world))
    assert assumes(world, token(world, file=THEIRS)), "the old statement still admits it"

    declare_dev(project, "billing", PINNED_ALONE)
    yield
    assert statements(world) == [pinned]
    assert trust_of_dev(project)["droppable"] == []
    assert assumes(world, token(world))
    assert not assumes(world, token(world, file=THEIRS))
    # The other environments did not move, and no environment has another's role.
    prod = DeployJob("billing", "prod", "main", "workflow_run").token(world)
    assert assumes(world, prod, "prod")
    assert not assumes(world, prod, "dev")
    assert not assumes(world, token(world), "prod")


def a_repository_opts_in_to_ids(project: Project) -> Story:
    """With `both`, jobs get their role before and after the opt-in; then the window closes."""
    world, role = project.world, "acme.ledger-dev"
    declare_dev(project, "ledger", "{subject: both}", ONLY_DEV)
    yield
    before = token(world, "ledger")
    assert assumes(world, before, role=role)
    place = "repos/acme/ledger/actions/oidc/customization/sub"
    world.github("PUT", place, {"use_default": True, "use_immutable_subject": True})
    after = token(world, "ledger")
    assert assumes(world, after, role=role)
    assert assumes(world, before, role=role)

    declare_dev(project, "ledger", "{}", ONLY_DEV)
    yield
    assert assumes(world, token(world, "ledger"), role=role)
    assert not assumes(world, before, role=role)
    yield  # the last run is the others'


def a_repository_is_renamed(project: Project) -> Story:
    """With `next_name`, the pinned role admits the renamed repository's job before any `up`."""
    world, role = project.world, "acme.orders-dev"
    declare_dev(project, "orders", PINNED_ALONE, ONLY_DEV)
    yield
    # The role keeps the name that it has.
    dev = f"{{role: {{name: {role}}}, trust: {PINNED_ALONE}}}"
    environments = f"environments: {{dev: {dev}, test: none, prod: none}}\n"
    window = f"repository: orders\nnext_name: invoices\n{environments}"
    project.write("stacks/s/orders.yaml", window)
    yield
    assert assumes(world, token(world, "orders"), role=role)
    world.control("PATCH", "repositories/acme/orders", {"name": "invoices"})
    assert assumes(world, token(world, "invoices"), role=role)
    (project.folder / "stacks/s/orders.yaml").unlink()
    settled = f"repository: invoices\npreviously: orders\n{environments}"
    project.write("stacks/s/invoices.yaml", settled)
    yield
    assert assumes(world, token(world, "invoices"), role=role)


def test_trust_moves_without_a_refused_job(world: World, tmp_path: Path) -> None:
    """The stories move at the same time, by the same runs; no move needs consent."""
    # From the time before subjects had ids, as billing is.
    old = {"owner": "acme", "created_at": "2022-01-01T00:00:00Z", "files": {"a": "b"}}
    world.control("POST", "seed", {"repositories": [old | {"name": name} for name in OTHERS]})
    project = new_project(world, tmp_path)
    project.new_stack("s", ONE_ACCOUNT)
    stories = [
        one_environment_moves_to_pinned_claims(project),
        a_repository_opts_in_to_ids(project),
        a_repository_is_renamed(project),
    ]
    for begun in (False, True, True):
        for story in stories:
            next(story)
        if begun:
            project.slipway("up", "s", "--yes")
        else:
            project.up("s")
        # Drift has the added workflow file, once it is there, and nothing about a role.
        assert "role" not in project.slipway("drift", "s", "--no-preview", expect=None).stdout
    for story in stories:
        assert next(story, "ended") == "ended"
    report = project.slipway("drift", "s", expect=7).stdout
    assert "  weaker      theirs.yml on develop: uses environment" in report
    assert "s: 1 finding in 1 of 3 repositories" in report

    # The way back makes the role weaker, so it needs consent.
    project.write("stacks/s/billing.yaml", "repository: billing\n")
    refused = project.slipway("up", "s", "--yes", expect=5)
    assert "role acme.billing-dev, trust would become weaker" in refused.stderr
    assert not assumes(world, token(world, file=THEIRS))


def test_a_repository_is_transferred_without_a_refused_job(world: World, tmp_path: Path) -> None:
    """The pinned role admits the job at each step, until the new owner's stack has taken it over.

    The former owner's stack deletes nothing there without consent: GitHub redirects its requests.
    """
    initech = {"login": "initech", "plan": "enterprise", "admins": ["monalisa"]}
    world.control("POST", "seed", {"organizations": [initech]})
    owner = f"initech@{world.github('GET', 'orgs/initech')['id']}"
    project = new_project(world, tmp_path)
    dev = "{role: {name: kept}, trust: {claims: pinned, keep_subject_statement: false}}"
    declared = f"repository: billing\nenvironments: {{dev: {dev}, test: none, prod: none}}\n"
    other = "repository: payments\nenvironments: {test: none, prod: none}\n"
    window = f"{declared}next_name: {owner}/billing\n"
    project.new_stack("s", ONE_ACCOUNT, billing=window, payments=other)
    project.up("s")
    assert assumes(world, token(world), role="kept")
    world.control("PATCH", "repositories/acme/billing", {"owner": "initech"})

    def deploys() -> bool:
        return assumes(world, token(world, owner="initech"), role="kept")

    assert deploys()
    refused = project.slipway("up", "s", "--yes", expect=2)
    assert "acme/billing is initech/billing now: transfer it back, or move it" in refused.stderr
    told = project.slipway("drift", "s", "--no-preview", expect=7).stdout
    assert "declared acme/billing -> live initech/billing" in told
    assert "role" not in told

    (project.folder / "stacks/s/billing.yaml").unlink()
    refused = project.slipway("up", "s", "--yes", expect=5)
    assert "billing is initech/billing now: the plan would delete its objects" in refused.stderr
    assert deploys()
    resource = "slipway:index:OnboardedRepository::billing"
    urn = f"urn:pulumi:s::slipway::{resource}"
    project.pulumi("state", "delete", "--target-dependents", "--yes", urn, "--stack", "s")
    settled = project.slipway("up", "s", "--yes")
    assert "s: everything is as declared\n" in settled.stderr
    assert deploys()

    settings = ONE_ACCOUNT.replace("owner: acme", "owner: initech")
    project.new_stack("t", settings, billing=declared)
    project.slipway("adopt", "t", "billing", "--yes")
    assert deploys()
    project.slipway("up", "t", "--yes")
    assert deploys()
    role = world.iam(ACCOUNT).get_role(RoleName="kept")["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    subjects = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    number = world.github("GET", "repos/initech/billing")["id"]
    assert subjects == f"repo:{owner}/billing@{number}:environment:dev"
    assert project.slipway("drift", "t").stdout.startswith("t: 1 repository as declared")
