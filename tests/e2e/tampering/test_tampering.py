"""What people change by hand is found, named right, and repaired by whom the finding names.

The real engine, the real GitHub provider; the changes go through the public APIs. A batch of
changes is one run: they touch different objects, and each is looked for by itself.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.conftest import Project, running_world, sample_project
from tests.e2e.rights import ENDING, UNCALLED, called, granted, least_rights, refused
from tests.e2e.tampering.environments import GITHUB
from tests.e2e.tampering.files_and_roles import FILES_AND_ROLES, READ_ONLY
from tests.e2e.tampering.tampers import Tamper

STACK = "sandbox"


@dataclass
class Outcome:
    """What `slipway drift` said, findings by place: before and after each remedy."""

    tampered: Mapping[str, dict[str, str]]
    #: What a plain preview warned of, and what it would have changed.
    warned: Sequence[str]
    changed: Mapping[str, str]
    #: After `pulumi up --refresh`.
    upped: Mapping[str, dict[str, str]]
    #: After `slipway refresh` and plain `pulumi up`.
    refreshed: Mapping[str, dict[str, str]]
    #: After the rest was undone by hand.
    undone: Mapping[str, dict[str, str]]


def drift(project: Project, *options: str, expect: int) -> dict[str, dict[str, str]]:
    """The findings of `slipway drift` by `repository | object | field`."""
    done = project.slipway("drift", STACK, "--json", *options, expect=expect)
    ((stack),) = json.loads(done.stdout)["stacks"]
    assert stack["incomplete"] == []
    return {
        " | ".join(found[key] for key in ("repository", "object", "field")): found
        for found in stack["findings"]
    }


def played(project: Project, tampers: Mapping[str, Tamper]) -> Outcome:
    """Tamper, look, repair by each remedy in turn, and look again after each."""
    # GitHub's times have seconds: an overwritten secret must be younger than our write.
    time.sleep(1.1)
    for tamper in tampers.values():
        tamper.do(project.world)
    tampered = drift(project, expect=7)
    previewed = project.pulumi("preview", "--json", "--stack", STACK, SLIPWAY_LOOK="warn").stdout
    said = json.loads(previewed)
    messages = (one["message"].strip() for one in said.get("diagnostics", ()))
    warned = [message.removeprefix("warning: ") for message in messages]
    changed = {
        step["urn"].rsplit("::", 1)[1]: step["op"] for step in said["steps"] if step["op"] != "same"
    }
    project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", STACK)
    upped = drift(project, expect=7)
    assert project.changes(STACK, "--refresh") == {}, "nothing that Pulumi could see is left"
    project.slipway("refresh", STACK)
    corrected = any(tamper.repair == "refresh, then up" for tamper in tampers.values())
    assert bool(project.changes(STACK)) == corrected, "a plain preview shows what was corrected"
    project.pulumi("up", "--yes", "--skip-preview", "--stack", STACK)
    refreshed = drift(project, expect=7)
    for tamper in tampers.values():
        if tamper.undo is not None:
            tamper.undo(project.world)
    return Outcome(tampered, warned, changed, upped, refreshed, drift(project, expect=0))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample stack, with a managed policy declared, onboarded and without drift.

    All with the least rights in AWS: each of them is needed for something of this.
    """
    folder = tmp_path_factory.mktemp("tampering")
    with running_world(folder) as world:
        project = sample_project(world, folder)
        billing = project.folder / "stacks/sandbox/billing.yaml"
        policies = f"environments: {{prod: {{role: {{managed_policies: ['{READ_ONLY}']}}}}}}\n"
        billing.write_text(billing.read_text() + policies)
        project.rights = least_rights(project, STACK)
        project.up(STACK)
        assert drift(project, expect=0) == {}
        yield project
        assert world.control("GET", "requests")["unserved"] == []


@pytest.fixture(scope="module")
def github(project: Project) -> Outcome:
    """Environments and what is in them."""
    return played(project, GITHUB)


@pytest.fixture(scope="module")
def files_and_roles(project: Project) -> Outcome:
    """Workflow files, branches, roles and OIDC providers."""
    return played(project, FILES_AND_ROLES)


def test_there_are_at_least_thirty_distinct_changes() -> None:
    """No two tampers are about the same place."""
    places = [tamper.place for tamper in (*GITHUB.values(), *FILES_AND_ROLES.values())]
    assert len(set(places)) == len(places) >= 30


@pytest.mark.parametrize("name", GITHUB)
def test_a_change_of_an_environment(github: Outcome, name: str) -> None:
    """It is detected, named with its direction and remedy, and gone after that remedy."""
    check(github, GITHUB[name])


@pytest.mark.parametrize("name", FILES_AND_ROLES)
def test_a_change_of_a_file_or_a_role(files_and_roles: Outcome, name: str) -> None:
    """It is detected, named with its direction and remedy, and gone after that remedy."""
    check(files_and_roles, FILES_AND_ROLES[name])


@pytest.mark.parametrize("batch", ["github", "files_and_roles"])
def test_nothing_else_is_said(request: pytest.FixtureRequest, batch: str) -> None:
    """Every finding is one of a tamper, or its companion: nothing is said twice or made up."""
    outcome: Outcome = request.getfixturevalue(batch)
    tampers = {"github": GITHUB, "files_and_roles": FILES_AND_ROLES}[batch]
    companions = {place for place in COMPANIONS if place in outcome.tampered}
    assert set(outcome.tampered) == {tamper.place for tamper in tampers.values()} | companions
    assert outcome.undone == {}


@pytest.mark.usefixtures("github", "files_and_roles")
def test_slipway_has_in_aws_the_rights_that_it_needs(project: Project) -> None:
    """None is lacking, none is idle: onboarding, drift and repairs need all but what ends it."""
    seen = called(project)
    assert refused(seen) == set()
    assert seen.keys() == granted(project.rights) - UNCALLED.keys() - ENDING


#: What a tamper changes besides the place it is named by.
COMPANIONS = {
    # The edited pattern: what was declared is gone.
    "payments | environment prod, branch policy main | ",
    # A renamed workflow is an edited one.
    "payments | python-test.yml on main | content",
    # The form of subjects is of all three roles; the role that was deleted has none.
    "legacy-reports | role acme.legacy-reports-prod | trust",
}


def check(outcome: Outcome, tamper: Tamper) -> None:
    """A tamper's finding through all the remedies."""
    found: dict[str, Any] = outcome.tampered[tamper.place]
    assert_told(outcome, found)
    assert (found["direction"], found["repair"]) == (tamper.direction, tamper.repair)
    assert found["declared"] != found["live"]
    assert (tamper.place in outcome.upped) == (tamper.repair != "up")
    assert (tamper.place in outcome.refreshed) == (tamper.repair == "by hand")
    assert tamper.place not in outcome.undone


def assert_told(outcome: Outcome, found: Mapping[str, str]) -> None:
    """A plain preview says it once: in a warning, or in Pulumi's own diff."""
    place = f"acme/{found['repository']}: " if found["repository"] else ""
    what = f"{found['object']}: {found['field']}" if found["field"] else found["object"]
    begins = f"{place}{found['direction']}: {what}: "
    told = [line for line in outcome.warned if line.startswith(begins)]
    role = found["object"].removeprefix("role acme.")
    assert len(told) + (outcome.changed.get(role) == "update" and found["field"] == "trust") == 1
