"""Changes by hand are found, named correctly, and repaired as the finding says.

The real engine and the real GitHub provider run; the changes use the public APIs. All changes are
made in one run: they touch different objects, and the test looks for each one separately.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.conftest import SOON, Project, running_world, sample_project
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
    accept_weaker: releases until {SOON}
    deployment_protection_rules: [change-gate]
    secrets: {{EXTERNAL: external}}
    role: {{managed_policies: ["{READ_ONLY}"]}}
"""
#: The last line of an `up` with changes.
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
    #: After the remaining differences were undone by hand.
    undone: Mapping[str, dict[str, str]]
    #: After the changes of `ONLY_SEEN`, and the output of the preview that fails because of them.
    seen: Mapping[str, dict[str, str]]
    ended: "Told"


@dataclass
class Told:
    """The output of a plain preview."""

    #: Differences about which it warned, or because of which it failed.
    lines: Sequence[str]
    #: Operations that it planned, by resource.
    changed: Mapping[str, str]


def previewed(project: Project, look: str, *, expect: int = 0) -> Told:
    """Run a plain preview that also looks for drift."""
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
    """Make the changes, look for drift, apply each remedy in turn, and look after each one."""
    # GitHub's times have whole seconds: the overwritten secret must be younger than slipway's
    # write.
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
    """At least thirty changes are tried, and no two of them are at the same place."""
    places = [tamper.place for tamper in TAMPERS.values()]
    assert len(TAMPERS) == len(GITHUB) + len(FILES_AND_ROLES)
    assert len(set(places)) == len(places) >= 30


@pytest.mark.parametrize("name", TAMPERS)
def test_a_change_by_hand(outcome: Outcome, name: str) -> None:
    """Drift reports the change with direction and remedy, and the remedy removes it."""
    check(outcome, TAMPERS[name])


def test_nothing_else_is_said(outcome: Outcome) -> None:
    """Every finding belongs to one change or is its companion: none is repeated or invented."""
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
    """With `slipway:look: fail` each change is in the error's list or in Pulumi's own diff."""
    tamper = ONLY_SEEN[name]
    found = outcome.seen[tamper.place]
    assert (found["direction"], found["repair"]) == (tamper.direction, tamper.repair)
    assert told(outcome.ended, found)
    head, *_ = outcome.ended.lines
    assert head == f"error: {STACK} is not as declared, and slipway:look is `fail`:"


def tried(outcome: Outcome) -> Iterator[tuple[Mapping[str, str], bool, str]]:
    """Every finding of a change, whether a plain preview reported it, and how it was repaired."""
    for place, found in outcome.tampered.items():
        became = acted(found, place, outcome.upped, outcome.refreshed)
        yield found, told(outcome.told, found), became
    for tamper in ONLY_SEEN.values():
        found = outcome.seen[tamper.place]
        yield found, told(outcome.ended, found), promised(found)


def test_the_documentation_says_what_was_seen(outcome: Outcome) -> None:
    """docs/drift.md's columns are this run's results; rules that no run tried are in brackets."""
    documented, shown = rows(), columns(tried(outcome))
    assert {rule: documented[rule] for rule in shown} == shown
    assert {rule for rule, row in documented.items() if untried(row)} == set(documented) - set(
        shown
    )


@pytest.mark.usefixtures("outcome")
def test_slipway_has_in_aws_the_rights_that_it_needs(project: Project) -> None:
    """Onboarding, drift, repairs or the stack's removal use every granted right, and no other."""
    seen = called(project)
    assert refused(seen) == set()
    assert seen.keys() == granted(project.rights) - UNCALLED.keys() - ENDING


#: Findings that a change causes besides the one at its own place.
COMPANIONS = {
    # The pattern was edited, so the declared pattern is missing.
    "payments | environment prod, branch policy main | ",
    # A workflow that was renamed is reported as edited.
    "payments | python-test.yml on main | content",
    # The form of subjects concerns all three roles, but one of them was deleted.
    "legacy-reports | role acme.legacy-reports-prod | trust",
}


def check(outcome: Outcome, tamper: Tamper) -> None:
    """The finding appears as expected after each of the remedies."""
    found: dict[str, Any] = outcome.tampered[tamper.place]
    assert told(outcome.told, found)
    assert (found["direction"], found["repair"]) == (tamper.direction, tamper.repair)
    assert found["declared"] != found["live"]
    assert (tamper.place in outcome.upped) == (tamper.repair != "up")
    assert (tamper.place in outcome.refreshed) == (tamper.repair == "by hand")
    assert tamper.place not in outcome.undone


def told(preview: Told, found: Mapping[str, str]) -> bool:
    """True if a plain preview reports it exactly once: in its own line or in Pulumi's own diff."""
    place = f"acme/{found['repository']}: " if found["repository"] else ""
    what = f"{found['object']}: {found['field']}" if found["field"] else found["object"]
    begins = f"{place}{found['direction']}: {what}: "
    lines = [line for line in preview.lines if line.startswith(begins)]
    role = found["object"].removeprefix("role acme.")
    diff = preview.changed.get(role) == "update" and found["field"] == "trust"
    return len(lines) + diff == 1
