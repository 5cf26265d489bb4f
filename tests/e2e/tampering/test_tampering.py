"""Changes by hand are found, named correctly, and repaired as the finding says.

The real engine, the real GitHub provider; the changes go through the public APIs. All of them are
one run: they touch different objects, and each is looked for by itself.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.conftest import Project, running_world, sample_project
from tests.e2e.rights import ENDING, UNCALLED, called, granted, least_rights, refused
from tests.e2e.tampering import hands
from tests.e2e.tampering.columns import acted, columns, promised
from tests.e2e.tampering.environments import GITHUB
from tests.e2e.tampering.files_and_roles import FILES_AND_ROLES, READ_ONLY
from tests.e2e.tampering.only_seen import ONLY_SEEN
from tests.e2e.tampering.tampers import Tamper
from tests.operations.diff.documented import rows, untried

STACK = "sandbox"
PROD = f"""\
environments:
  prod:
    deployment_branches: [main, "release/*"]
    deployment_protection_rules: [change-gate]
    secrets: {{EXTERNAL: external}}
    role: {{managed_policies: ["{READ_ONLY}"]}}
"""
#: What an `up` with changes prints at its end.
CHANGED = re.compile(r"^ +[-+~]+ \d+ (created|updated|deleted|replaced)$", re.MULTILINE)
TAMPERS = {**GITHUB, **FILES_AND_ROLES}


@dataclass
class Outcome:
    """The findings of `slipway drift` by place: before and after each remedy."""

    tampered: Mapping[str, dict[str, str]]
    told: "Told"
    #: After `pulumi up --refresh`.
    upped: Mapping[str, dict[str, str]]
    #: After `slipway refresh` and plain `pulumi up`.
    refreshed: Mapping[str, dict[str, str]]
    #: After the rest was undone by hand.
    undone: Mapping[str, dict[str, str]]
    #: After what only a preview sees, and what a preview said that ends with it.
    seen: Mapping[str, dict[str, str]]
    ended: "Told"


@dataclass
class Told:
    """The output of a plain preview."""

    #: Differences that it warned of, or ended with.
    lines: Sequence[str]
    #: What it would have changed, by resource.
    changed: Mapping[str, str]


def previewed(project: Project, look: str, *, expect: int = 0) -> Told:
    """A plain preview that looks."""
    done = project.pulumi("preview", "--json", "--stack", STACK, expect=expect, SLIPWAY_LOOK=look)
    said = json.loads(done.stdout)
    messages = [one["message"].strip() for one in said.get("diagnostics", ())]
    steps = said["steps"]
    return Told(
        [line.removeprefix("warning: ") for message in messages for line in message.splitlines()],
        {step["urn"].rsplit("::", 1)[1]: step["op"] for step in steps if step["op"] != "same"},
    )


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
    told = previewed(project, "warn")
    project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", STACK)
    upped = drift(project, "--no-preview", expect=7)
    assert project.changes(STACK, "--refresh") == {}, "nothing that Pulumi could see is left"
    project.slipway("refresh", STACK)
    up = ("up", "--yes", "--skip-preview", "--stack", STACK)
    corrected = any(tamper.repair == "refresh, then up" for tamper in tampers.values())
    assert bool(CHANGED.search(project.pulumi(*up).stdout)) == corrected, "the state shows it"
    refreshed = drift(project, "--no-preview", expect=7)
    for tamper in tampers.values():
        if tamper.undo is not None:
            tamper.undo(project.world)
    undone = drift(project, expect=0)
    assert previewed(project, "fail") == Told([], {}), "nothing differs, so nothing ends it"
    for tamper in ONLY_SEEN.values():
        tamper.do(project.world)
    seen = drift(project, "--no-preview", expect=7)
    ended = previewed(project, "fail", expect=1)
    return Outcome(tampered, told, upped, refreshed, undone, seen, ended)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample stack with a managed policy declared, onboarded with the least rights in AWS."""
    folder = tmp_path_factory.mktemp("tampering")
    with running_world(folder) as world:
        project = sample_project(world, folder)
        billing = project.folder / "stacks/sandbox/billing.yaml"
        billing.write_text(billing.read_text() + PROD)
        project.rights = least_rights(project, STACK)
        project.up(STACK)
        hands.secret(world, "billing/prod", "EXTERNAL", "somebody-elses")
        hands.enable_app(world, "billing/prod", "change-gate")
        yield project
        assert world.control("GET", "requests")["unserved"] == []


@pytest.fixture(scope="module")
def outcome(project: Project) -> Outcome:
    """All of the changes, in one world and one run."""
    return played(project, TAMPERS)


def test_there_are_at_least_thirty_distinct_changes() -> None:
    """No two tampers are about the same place."""
    places = [tamper.place for tamper in TAMPERS.values()]
    assert len(TAMPERS) == len(GITHUB) + len(FILES_AND_ROLES)
    assert len(set(places)) == len(places) >= 30


@pytest.mark.parametrize("name", TAMPERS)
def test_a_change_by_hand(outcome: Outcome, name: str) -> None:
    """Drift reports the change with direction and remedy, and the remedy removes it."""
    check(outcome, TAMPERS[name])


def test_nothing_else_is_said(outcome: Outcome) -> None:
    """Every finding is one of a tamper, or its companion: nothing is said twice or made up."""
    assert set(outcome.tampered) == {tamper.place for tamper in TAMPERS.values()} | COMPANIONS
    assert outcome.undone == {}


def test_each_finding_has_its_page_and_an_edited_file_its_diff(
    outcome: Outcome, project: Project
) -> None:
    """A link leads to the object on the stack's GitHub, as GitHub itself names it, or to AWS."""
    home = f"{project.world.record.github_url}acme/"
    for found in outcome.tampered.values():
        assert found["link"].startswith((home, "https://console.aws.amazon.com/iam/home#/"))
        assert found["remedy"]
    edited = outcome.tampered["billing | python-dev.yml on main | content"]
    path = "contents/.github/workflows/python-dev.yml?ref=main"
    assert edited["link"] == project.world.github("GET", f"repos/acme/billing/{path}")["html_url"]
    changed = {"-permissions: {contents: read}", "+permissions: {contents: write}"}
    assert changed <= set(edited["diff"].splitlines())
    settings = {
        found["link"] for found in outcome.tampered.values() if "/settings/" in found["link"]
    }
    ids = {
        f"{home}billing/settings/environments/{one['id']}/edit"
        for one in project.world.github("GET", "repos/acme/billing/environments")["environments"]
    }
    assert settings & ids


@pytest.mark.parametrize("name", ONLY_SEEN)
def test_a_preview_ends_with_what_nothing_repairs(outcome: Outcome, name: str) -> None:
    """With `slipway:look: fail` the change is in the list or in Pulumi's own diff."""
    tamper = ONLY_SEEN[name]
    found = outcome.seen[tamper.place]
    assert (found["direction"], found["repair"]) == (tamper.direction, tamper.repair)
    assert told(outcome.ended, found)
    head, *_ = outcome.ended.lines
    assert head == f"error: {STACK} is not as declared, and slipway:look is `fail`:"


def tried(outcome: Outcome) -> Iterator[tuple[Mapping[str, str], bool, str]]:
    """Every finding of a tamper, whether a plain preview told it, and what became of it."""
    for place, found in outcome.tampered.items():
        became = acted(found, place, outcome.upped, outcome.refreshed)
        yield found, told(outcome.told, found), became
    for tamper in ONLY_SEEN.values():
        found = outcome.seen[tamper.place]
        yield found, told(outcome.ended, found), promised(found)


def test_the_documentation_says_what_was_seen(outcome: Outcome) -> None:
    """docs/drift.md's columns are this run's, and rules that it does not have are in brackets."""
    documented, shown = rows(), columns(tried(outcome))
    assert {rule: documented[rule] for rule in shown} == shown
    assert {rule for rule, row in documented.items() if untried(row)} == set(documented) - set(
        shown
    )


@pytest.mark.usefixtures("outcome")
def test_slipway_has_in_aws_the_rights_that_it_needs(project: Project) -> None:
    """Every right is needed, and no other: by onboarding, drift, repairs or the stack's end."""
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
    assert told(outcome.told, found)
    assert (found["direction"], found["repair"]) == (tamper.direction, tamper.repair)
    assert found["declared"] != found["live"]
    assert (tamper.place in outcome.upped) == (tamper.repair != "up")
    assert (tamper.place in outcome.refreshed) == (tamper.repair == "by hand")
    assert tamper.place not in outcome.undone


def told(preview: Told, found: Mapping[str, str]) -> bool:
    """Whether a plain preview says it once: in a line of its own, or in Pulumi's own diff."""
    place = f"acme/{found['repository']}: " if found["repository"] else ""
    what = f"{found['object']}: {found['field']}" if found["field"] else found["object"]
    begins = f"{place}{found['direction']}: {what}: "
    lines = [line for line in preview.lines if line.startswith(begins)]
    role = found["object"].removeprefix("role acme.")
    diff = preview.changed.get(role) == "update" and found["field"] == "trust"
    return len(lines) + diff == 1
