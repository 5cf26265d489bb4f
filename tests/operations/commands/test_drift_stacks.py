import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from components.config.problems import ConfigurationError
from components.model.stack import Stack
from operations.cli import main
from operations.commands import drift
from operations.live.observed import Observed
from operations.live.observer import Shared
from operations.reports.issues.one_issue import publish
from sandbox.github import Store
from tests.operations.commands.test_drift import REFUSED, SETTINGS, TROUBLE
from tests.operations.diff import worlds
from tests.operations.reports.samples import REVIEWERS, report
from tests.operations.reports.test_issue import R, issues, store

__all__ = ["store"]

CLEAN = worlds.as_declared(worlds.stack())
DRIFT = worlds.with_repository(CLEAN, other_environments=("staging",))
#: A declaration with a mistake in its second line.
WRONG = "repository: billing\nenvironment: {}\n"

Outcome = Observed | ConfigurationError | str
Looks = Callable[[Mapping[str, Outcome]], None]


@pytest.fixture
def looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Set the outcome for each stack: a declaration as text, or the observer's result."""
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)

    def prepared(outcomes: Mapping[str, Outcome]) -> None:
        for stack, outcome in outcomes.items():
            folder = tmp_path / "stacks" / stack
            folder.mkdir(parents=True)
            (folder / "_stack.yaml").write_text(SETTINGS)
            text = outcome if isinstance(outcome, str) else json.dumps(worlds.BILLING)
            (folder / "billing.yaml").write_text(text)

        def observe(stack: Stack, *_: Any, **__: Any) -> Observed:
            found = outcomes[stack.name]
            if isinstance(found, ConfigurationError):
                raise found
            assert isinstance(found, Observed)
            # The files contain the name of their stack.
            files = worlds.workflows(stack.repositories[0])
            return worlds.with_repository(found, workflows=files)

        monkeypatch.setattr(drift, "observe", observe)
        answers: dict[str, Any] = {"preview": {"steps": []}, "stack": {"deployment": {}}}
        monkeypatch.setattr(drift, "pulumi_json", lambda *arguments: answers[arguments[0]])

    return prepared


def test_a_refused_stack_does_not_stop_the_others(
    looks: Looks, capsys: pytest.CaptureFixture[str]
) -> None:
    """If one stack is refused, the others are reported, and its report is incomplete."""
    looks({"acme": DRIFT, "globex": REFUSED, "initech": CLEAN})
    assert main(["drift", "--json"]) == 3
    said = capsys.readouterr()
    acme, globex, initech = json.loads(said.out)["stacks"]
    assert [found["live"] for found in acme["findings"]] == ["staging"]
    assert (globex["repositories"], globex["findings"]) == (1, [])
    assert globex["incomplete"] == ["not compared: GitHub: no entry"]
    assert (initech["findings"], initech["incomplete"]) == ([], [])
    words = "globex: cannot be compared\nGitHub: no entry\n1 refusal. Nothing was changed.\n"
    assert said.err == words


def test_a_wrong_declaration_does_not_stop_other_stacks(
    looks: Looks, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong declaration is reported with file and line before the first stack is observed."""
    looks({"acme": DRIFT, "globex": WRONG})
    before: list[str] = []
    look = drift.look

    def looked(*arguments: Any, **options: Any) -> Any:
        before.append(capsys.readouterr().err)
        return look(*arguments, **options)

    monkeypatch.setattr(drift, "look", looked)
    assert main(["drift"]) == 2
    assert before[0].startswith("globex: cannot be compared\nstacks/globex/billing.yaml:2: ")
    said = capsys.readouterr()
    assert "acme: 1 finding in 1 of 1 repository" in said.out
    assert said.out.endswith("globex: nothing is known\n")
    assert said.err == ""


def test_the_stacks_share_one_look(looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stack's observer gets the same answers about users, teams and accounts."""
    looks({"acme": CLEAN, "globex": CLEAN})
    shared, observe = [], drift._observe

    def observed(*arguments: Any, **options: Any) -> Observed | ConfigurationError:
        shared.append(options["shared"])
        return observe(*arguments, **options)

    monkeypatch.setattr(drift, "_observe", observed)
    assert main(["drift", "acme", "globex"]) == 0
    first, second = shared
    assert isinstance(first, Shared)
    assert first is second


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((DRIFT, TROUBLE, WRONG, REFUSED), 3),
        ((REFUSED, WRONG, TROUBLE, DRIFT), 3),
        ((DRIFT, TROUBLE, WRONG), 2),
        ((DRIFT, TROUBLE, CLEAN), 1),
        ((CLEAN, DRIFT, CLEAN), 7),
        ((CLEAN, CLEAN), 0),
    ],
)
def test_the_exit_code_is_the_worst(looks: Looks, outcomes: tuple[Outcome, ...], code: int) -> None:
    """The exit code is the worst of all stacks; a failure outranks findings."""
    looks({f"stack-{number}": outcome for number, outcome in enumerate(outcomes)})
    assert main(["drift"]) == code


def test_one_stack_alone_that_cannot_be_looked_at_has_no_report(
    looks: Looks, capsys: pytest.CaptureFixture[str]
) -> None:
    """If the only stack cannot be checked, only its problems are printed, and no report."""
    looks({"acme": WRONG})
    assert main(["drift", "acme", "acme"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("stacks/acme/billing.yaml:2: ")


@pytest.mark.parametrize("outcome", [REFUSED, WRONG])
def test_an_issue_of_a_stack_that_was_not_looked_at_stays_open(
    looks: Looks, store: Store, outcome: Outcome
) -> None:
    """The issue of a stack that was not checked stays open; other stacks get theirs."""
    publish(report(REVIEWERS), R)
    (issue,) = issues(store)
    before = (issue.state, issue.body, issue.updated_at)
    looks({"acme": outcome, "globex": DRIFT})
    assert main(["drift", "--issue", R]) in {2, 3}
    acme, globex = issues(store)
    assert (acme.state, acme.body, acme.updated_at, acme.comments) == (*before, [])
    assert (globex.title, globex.state) == ("Drift in stack globex", "open")


@pytest.mark.usefixtures("store")
def test_an_unwritable_issue_is_reported_beside_a_refusal(
    looks: Looks, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An issue that cannot be written is reported, and the exit code stays that of the refusal."""
    looks({"acme": REFUSED, "globex": DRIFT})
    monkeypatch.setenv("GITHUB_BASE_URL", "nowhere")
    assert main(["drift", "--issue", R]) == 3
    said = capsys.readouterr()
    assert "globex: 1 finding" in said.out
    assert "GITHUB_BASE_URL: 'nowhere' is no address" in said.err
