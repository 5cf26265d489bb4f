"""The trust of a role moves to pinned claims, and to a subject with ids, without a refused job."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.e2e.conftest import ONE_ACCOUNT, Project, World, new_project
from tests.e2e.deploy_jobs import DeployJob, assumed

ACCOUNT = "333333333333"
ROLES = f"arn:aws:iam::{ACCOUNT}:role/slipway"
#: A file that a user who may push adds; dev's environment admits its branch.
THEIRS = ".github/workflows/theirs.yml"
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


def declare(project: Project, dev: str) -> None:
    """Declare dev's trust, as a YAML mapping, and bring it about; no step needs consent."""
    declaration = f"repository: billing\nenvironments: {{dev: {{trust: {dev}}}}}\n"
    project.write("stacks/s/billing.yaml", declaration)
    project.slipway("up", "s", "--yes")
    # Drift has the added workflow file, once it is there, and nothing about a role.
    assert "role" not in project.slipway("drift", "s", "--no-preview", expect=None).stdout


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
    """What `slipway trust` tells about dev's role."""
    document = json.loads(project.slipway("trust", "s", "--json").stdout)
    (found,) = [one for one in document["roles"] if one["environment"] == "dev"]
    assert found["live"] == found["declared"]
    assert found["admits_deployments"] is True
    return dict(found)


def test_one_environment_moves_to_pinned_claims(world: World, tmp_path: Path) -> None:
    """In each step the deployment gets its role; once pinned alone, no other file of it does."""
    project = new_project(world, tmp_path)
    project.new_stack("s", ONE_ACCOUNT, billing="repository: billing\n")
    declare(project, "{}")
    content = base64.b64encode(STOLEN.encode()).decode()
    body = {"message": "x", "branch": "develop", "content": content}
    world.github("PUT", f"repos/acme/billing/contents/{THEIRS}", body)
    assert assumes(world, token(world))
    assert assumes(world, token(world, file=THEIRS)), "the subject alone does not tell files apart"

    declare(project, "{claims: pinned}")
    listed = trust_of_dev(project)
    assert listed["pinned_admits_deployments"] is True
    assert [one["declare"] for one in listed["droppable"]] == [
        "trust.keep_subject_statement: false"
    ]
    pinned, alone = statements(world)
    assert len(pinned) == len(alone) + 5
    assert assumes(world, token(world))
    assert assumes(world, token(world, file=THEIRS)), "the old statement still admits it"

    declare(project, "{claims: pinned, keep_subject_statement: false}")
    assert statements(world) == [pinned]
    assert trust_of_dev(project)["droppable"] == []
    assert assumes(world, token(world))
    assert not assumes(world, token(world, file=THEIRS))
    # The other environments did not move, and no environment has another's role.
    prod = DeployJob("billing", "prod", "main", "workflow_run").token(world)
    assert assumes(world, prod, "prod")
    assert not assumes(world, prod, "dev")
    assert not assumes(world, token(world), "prod")

    # The way back makes the role weaker, so it needs consent.
    project.write("stacks/s/billing.yaml", "repository: billing\n")
    refused = project.slipway("up", "s", "--yes", expect=5)
    assert "role acme.billing-dev, trust would become weaker" in refused.stderr
    assert not assumes(world, token(world, file=THEIRS))


def test_a_repository_opts_in_to_ids_without_a_refused_job(world: World, tmp_path: Path) -> None:
    """With `both`, jobs get their role before and after the opt-in; then the window closes."""
    project = new_project(world, tmp_path)
    project.new_stack("s", ONE_ACCOUNT, billing="repository: billing\n")
    declare(project, "{subject: both}")
    before = token(world)
    assert assumes(world, before)
    place = "repos/acme/billing/actions/oidc/customization/sub"
    world.github("PUT", place, {"use_default": True, "use_immutable_subject": True})
    after = token(world)
    assert assumes(world, after)
    assert assumes(world, before)

    project.write("stacks/s/billing.yaml", "repository: billing\n")
    project.slipway("up", "s", "--yes")
    assert assumes(world, token(world))
    assert not assumes(world, before)


def test_a_repository_is_renamed_without_a_refused_job(world: World, tmp_path: Path) -> None:
    """With `next_name`, the pinned role admits the renamed repository's job before any `up`."""
    project = new_project(world, tmp_path)
    project.new_stack("s", ONE_ACCOUNT, billing="repository: billing\n")
    pinned = "{claims: pinned, keep_subject_statement: false}"
    declare(project, pinned)
    # The roles keep the names that they have.
    roles = ", ".join(f"{env}: {{role: {{name: acme.billing-{env}}}}}" for env in ("test", "prod"))
    dev = f"dev: {{role: {{name: acme.billing-dev}}, trust: {pinned}}}"
    environments = f"environments: {{{dev}, {roles}}}\n"
    window = f"repository: billing\nnext_name: invoices\n{environments}"
    project.write("stacks/s/billing.yaml", window)
    project.slipway("up", "s", "--yes")
    assert assumes(world, token(world))
    world.control("PATCH", "repositories/acme/billing", {"name": "invoices"})
    assert assumes(world, token(world, "invoices"))
    (project.folder / "stacks/s/billing.yaml").unlink()
    settled = f"repository: invoices\npreviously: billing\n{environments}"
    project.write("stacks/s/invoices.yaml", settled)
    project.slipway("up", "s", "--yes")
    assert assumes(world, token(world, "invoices"))
    assert project.slipway("drift", "s").stdout.startswith("s: 1 repository as declared")


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
    project.slipway("up", "s", "--yes")
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
