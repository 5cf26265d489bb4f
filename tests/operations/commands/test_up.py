import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from operations.cli import main
from operations.commands import up
from operations.commands.refresh import Refreshed
from operations.diff.finding import Finding, Repair
from operations.engine.saved_plan import events_file
from operations.guard import judged
from operations.guard.reason import NO_CONSENT
from operations.live.observed import Observed
from tests.operations.adoption import grown
from tests.operations.guard.plans import VARIABLE, step
from tests.operations.reports.samples import REVIEWERS

STATE: dict[str, Any] = {"deployment": {"resources": []}}
PLACE = {"repository": "ledger", "environment": "dev"}
PLAN = {"steps": [step("create", VARIABLE, variableName="N", value="1", **PLACE)]}
Change = Callable[[], None]


class World:
    """The surroundings of an `up`: files, state, live world, and the stacks that were updated."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "stacks/acme"
        self.folder.mkdir(parents=True)
        (self.folder / "_stack.yaml").write_text(json.dumps(grown.RAW))
        (self.folder / "ledger.yaml").write_text("repository: ledger\n")
        self.state = STATE
        self.observed: Observed = grown.observed(grown.LEDGER)
        self.carried_out: list[str] = []
        self.staying: list[str] = []
        self.went_on = False
        self.failure = ExitCode.SUCCESS
        self.begun = False
        self.meanwhile: Change = lambda: None
        (folder / "Pulumi.yaml").touch()
        monkeypatch.delenv("PULUMI_SKIP_CHECKPOINTS", raising=False)
        monkeypatch.chdir(folder)
        monkeypatch.setattr(
            up,
            "_planned",
            lambda *_a, **_k: up._Planned(self.observed, STATE, STATE, PLAN, self.staying),
        )
        monkeypatch.setattr(up, "reasons_against", lambda *_: [])
        monkeypatch.setattr(up, "_agreed", self._agreed)
        monkeypatch.setattr(up, "observe", lambda *_: self.observed)
        monkeypatch.setattr(up, "carry_out", self._carry_out)
        monkeypatch.setattr(judged, "export_state", lambda *_: self.state)

    def _agreed(self, *_: object) -> bool:
        self.meanwhile()
        return True

    def _carry_out(self, stack: str, plan: Path, variables: dict[str, str], *, go_on: bool) -> int:
        assert variables == {"PULUMI_SKIP_CHECKPOINTS": "true"}, "a first run is not quadratic"
        self.carried_out.append(stack)
        self.went_on = go_on
        if self.begun:
            metadata = {"urn": PLAN["steps"][0]["urn"], "op": "create"}
            event = {"resOpFailedEvent": {"metadata": metadata}}
            events_file(plan).write_text(f"{json.dumps(event)}\n")
        return self.failure

    def edit(self, text: str) -> None:
        """Write another declaration."""
        (self.folder / "ledger.yaml").write_text(text)

    def somebody_updates(self) -> None:
        """End another update of the same stack."""
        self.state = {"deployment": {"resources": [{"urn": "x"}]}}

    def somebody_changes_github(self) -> None:
        """Change the default branch of the repository on GitHub."""
        found = self.observed.repositories["ledger"]
        assert found is not None
        odd = replace(found, default_branch="odd")
        self.observed = replace(self.observed, repositories={"ledger": odd})

    def somebody_changes_aws(self) -> None:
        """Change the audience of the OIDC provider."""
        accounts = {
            key: replace(account, oidc_audiences=frozenset({"another"}))
            for key, account in self.observed.accounts.items()
        }
        self.observed = replace(self.observed, accounts=accounts)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a stack whose plan adds one variable."""
    return World(tmp_path, monkeypatch)


def test_the_judged_plan_is_carried_out(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """`up` carries out the plan that was judged, and prints the number of changes."""
    assert main(["up", "acme"]) == ExitCode.SUCCESS
    assert world.carried_out == ["acme"]
    assert "acme: 1 change carried out" in capsys.readouterr().err


def test_an_offboarding_whose_files_would_stay_needs_consent(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """The files that would stay on a branch are told, and nothing is changed without `--accept`."""
    world.staying = ["merge: the rules of master refuse commits, so python-dev.yml\x1b would stay"]
    assert main(["up", "acme"]) == ExitCode.POLICY
    assert world.carried_out == []
    said = capsys.readouterr().err
    assert "  merge: the rules of master refuse commits, so python-dev.yml" in said
    assert "acme: nothing was changed; if all of this is meant, say --accept" in said
    assert "\x1b" not in said
    assert main(["up", "acme", "--accept"]) == ExitCode.SUCCESS
    assert world.carried_out == ["acme"]


def advised(said: str) -> list[str]:
    """Return the identifiers in the option that a refusal prints."""
    found = re.search("say --accept ([0-9a-f,]+)$", said, re.MULTILINE)
    assert found, said
    return found[1].split(",")


def test_each_reason_is_accepted_by_itself(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan is carried out once each reason is accepted, in one option or several.

    Each reason is printed with its identifier before that, and marked if it is accepted.
    """
    world.staying = ["a: x.yml would stay", "b: y.yml would stay"]
    assert main(["up", "acme", "--yes"]) == ExitCode.POLICY
    first, second = advised(capsys.readouterr().err)
    assert main(["up", "acme", "--yes", "--accept", second]) == ExitCode.POLICY
    said = capsys.readouterr().err
    assert f"  {first}  a: x.yml would stay\n" in said
    assert f"  accepted {second}  b: y.yml would stay\n" in said
    assert advised(said) == [first, second]
    assert world.carried_out == []
    for both in (["--accept", second, "--accept", first], [f"--accept={first},{second}"]):
        assert main(["up", "acme", "--yes", *both]) == ExitCode.SUCCESS
        assert f"  accepted {first}  a: x.yml would stay\n" in capsys.readouterr().err
    assert world.carried_out == ["acme", "acme"]


def test_consent_holds_for_the_same_reasons_only(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Consent to a reason that the plan does not have is refused, and the present ones listed."""
    world.staying = ["a: x.yml would stay"]
    assert main(["up", "acme", "--yes"]) == ExitCode.POLICY
    (then,) = advised(capsys.readouterr().err)
    world.staying = ["a: x.yml and y.yml would stay"]
    assert main(["up", "acme", "--yes", "--accept", then]) == ExitCode.POLICY
    said = capsys.readouterr().err
    assert f"  {then} is no reason of this plan\n" in said
    assert "  a: x.yml and y.yml would stay\n" in said
    (now,) = advised(said)
    assert now != then
    both = ["--accept", f"{now},{then}"]
    assert main(["up", "acme", "--yes", *both]) == ExitCode.POLICY, "one of them is unknown"
    world.staying = []
    assert main(["up", "acme", "--yes", "--accept", now]) == ExitCode.POLICY
    assert "the plan needs no consent, leave --accept out" in capsys.readouterr().err
    assert world.carried_out == []


@pytest.mark.parametrize("value", ["acme", "3f2a91c", "3F2A91C04BE7", "", "all,x"])
def test_another_value_is_a_mistake_of_the_command_line(
    world: World, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    """A stack after `--accept`, or a part of an identifier, is told before anything is asked."""
    with pytest.raises(SystemExit) as ended:
        main(["up", "acme", f"--accept={value}"])
    assert ended.value.code == ExitCode.CONFIGURATION
    assert "is no reason's identifier, such as 3f2a91c04be7" in capsys.readouterr().err
    assert world.carried_out == []


def test_a_weaker_prod_is_refused_before_anything_is_read(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No consent of the command line stands for the acceptance in the declaration."""
    monkeypatch.setattr(up, "_planned", pytest.fail)
    world.edit("repository: ledger\nenvironments: {test: {wait_minutes: 5}}\n")
    assert main(["up", "acme", "--yes", "--accept"]) == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert "stacks/acme/ledger.yaml:2: environments.test.wait_minutes: ledger: wait_min" in said
    assert "1 problem. Nothing was changed." in said


def test_an_object_that_exists_stops_before_anything_is_changed(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """GitHub would refuse the plan's variable: no consent helps, the message has place and way."""
    there = replace(grown.PROD, name="dev", variables={"N": "other"})
    live = replace(grown.LEDGER, environments={"dev": there})
    world.observed = grown.observed(live)
    assert main(["up", "acme", "--accept"]) == ExitCode.CONFIGURATION
    assert world.carried_out == []
    said = capsys.readouterr().err
    assert "stacks/acme/ledger.yaml:1: repository: acme/ledger has environment dev" in said
    assert "take what exists over with slipway adopt acme ledger" in said


@pytest.mark.parametrize("go_on", [False, True])
def test_a_failure_is_reported_with_the_next_step(
    world: World, capsys: pytest.CaptureFixture[str], *, go_on: bool
) -> None:
    """A failed run has Pulumi's exit code and a report; it advises `--continue` if not given."""
    world.failure, world.begun = ExitCode.ERROR, True
    assert main(["up", "acme", *(["--continue"] if go_on else [])]) == ExitCode.ERROR
    assert world.went_on is go_on
    said = capsys.readouterr().err
    assert "acme: 1 of 1 repository not done" in said
    assert "    stacks/acme/ledger.yaml:1: environment dev, variable N: failed" in said
    assert "then run slipway up acme again" in said
    assert ("with --continue, a change that fails" in said) is not go_on
    assert "carried out" not in said


def test_continue_is_left_out_where_pulumi_would_not_end(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """If an import waits for a change, `--continue` is left out, and a message says so."""
    monkeypatch.setattr(up, "waiting_imports", lambda *_: ["ledger-pull-request"])
    assert main(["up", "acme", "--continue"]) == ExitCode.SUCCESS
    assert world.carried_out == ["acme"]
    assert not world.went_on
    assert "--continue is left out in this run" in capsys.readouterr().err


def test_a_run_that_did_not_begin_has_no_report(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that did not begin has no report, since Pulumi has printed the reason."""
    world.failure = ExitCode.ERROR
    assert main(["up", "acme", "--continue"]) == ExitCode.ERROR
    assert "not done" not in capsys.readouterr().err


MEANWHILE: dict[str, tuple[Callable[[World], None], str]] = {
    "edited": (
        lambda world: world.edit("repository: ledger\npython_versions: ['3.12']\n"),
        "its declarations have changed",
    ),
    "edited wrongly": (lambda world: world.edit("repositry: x\n"), "its declarations have changed"),
    "gone": (
        lambda world: (world.folder / "ledger.yaml").unlink(),
        "its declarations have changed",
    ),
    "updated": (World.somebody_updates, "its state has changed, another run has updated it"),
    "GitHub": (World.somebody_changes_github, "repository ledger changed"),
    "AWS": (
        World.somebody_changes_aws,
        ", ".join(f"OIDC provider of account {number * 12}" for number in "123") + " changed",
    ),
}


@pytest.mark.parametrize("yes", [[], ["--accept"], ["--continue"]])
@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_a_plan_is_not_carried_out_after_a_change(
    world: World, capsys: pytest.CaptureFixture[str], meanwhile: str, yes: list[str]
) -> None:
    """If declaration, state or live world change during the question, nothing is carried out."""
    change, words = MEANWHILE[meanwhile]
    world.meanwhile = lambda: change(world)
    assert main(["up", "acme", *yes]) == ExitCode.ERROR
    assert world.carried_out == []
    said = f"acme: {words} since the plan was made; nothing was carried out, try again"
    assert said in capsys.readouterr().err


def test_the_state_that_is_judged_is_the_refreshs_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`up` judges the state that the refresh wrote, so another run before the preview is noticed.

    The state is read once for both, and compared with the current one before the update.
    """
    refreshed = Refreshed(grown.observed(grown.LEDGER), [], STATE, STATE)
    monkeypatch.setattr(up, "refresh", lambda *_a, **_k: refreshed)
    monkeypatch.setattr(up, "preview", lambda *_: {"steps": []})
    monkeypatch.setattr(up, "replace_state", pytest.fail)
    folder = tmp_path / "stacks/acme"
    folder.mkdir(parents=True)
    (folder / "_stack.yaml").write_text(json.dumps(grown.RAW))
    planned = up._planned(StackFiles(folder), tmp_path / "plan.json", NO_CONSENT)
    assert planned.state is STATE


HAND, AGAIN = (replace(REVIEWERS, repair=repair) for repair in (Repair.HAND, Repair.REFRESH))


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ([], "s: everything is as declared"),
        (
            [HAND],
            "s: nothing to carry out; 1 difference is for a person to put right: slipway drift s",
        ),
    ],
)
def test_an_empty_plan_with_findings_is_not_as_declared(findings: list[Finding], said: str) -> None:
    """With an empty plan, `up` does not say "as declared" while findings need a person."""
    assert up._nothing_to_do("s", findings) == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ([], "s: 3 changes carried out"),
        (
            [HAND, HAND],
            (
                "s: 3 changes carried out; 2 differences are for a person to put right: "
                "slipway drift s"
            ),
        ),
        (
            [AGAIN],
            (
                "s: 3 changes carried out; 1 difference remains, which slipway up s repairs in "
                "another run"
            ),
        ),
        (
            [AGAIN, HAND, AGAIN],
            (
                "s: 3 changes carried out; 2 differences remain, which slipway up s repairs in "
                "another run; 1 difference is for a person to put right: slipway drift s"
            ),
        ),
    ],
)
def test_remaining_differences_are_counted_at_the_end(left: list[Finding], said: str) -> None:
    """At its end `up` counts the differences that it did not repair, and says what repairs them."""
    assert up._done("s", 3, left) == said
