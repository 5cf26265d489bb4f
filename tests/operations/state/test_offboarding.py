"""Rules that came after the last `up` do not make the removal of files fail half-way."""

from typing import Any

import pytest

from components.config.stack_files import StackFiles
from operations.live.github.graphql import question_about
from operations.live.observed import Observed
from operations.live.observer import observe_repositories
from operations.state.offboarding import prepare_offboarding
from sandbox.github import Server
from tests.operations.live.github.rules.test_branch_rules import ruleset, write
from tests.operations.live.organization import TOKEN
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture
from tests.operations.state.test_leftovers import BRING, file, requested
from tests.stacks import WriteStack

BRANCHES = ("main", "develop")
OTHER = "repository: b\n"


@pytest.fixture(autouse=True)
def environment(github: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve a GitHub on which main demands pull requests."""
    monkeypatch.setenv("GITHUB_BASE_URL", github.url)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.delenv("GITHUB_OWNER", raising=False)
    write(github, "POST", "rulesets", ruleset("pull_request"))


def prepared(files: StackFiles) -> tuple[list[str], list[str]]:
    """Return the retained files, and the messages about files that would stay."""
    export: dict[str, Any] = {"deployment": {"resources": [file("a", one) for one in BRANCHES]}}
    questions = [question_about(one, files.stack.settings) for one in files.stack.leaving]
    observed = Observed(observe_repositories("acme", questions, cache=False), {})
    said, staying = prepare_offboarding(export, files.stack, observed)
    assert said == []
    found = export["deployment"]["resources"]
    kept = [one["urn"].rpartition(":")[2] for one in found if one.get("retainOnDelete")]
    return kept, staying


def test_files_that_would_stay_are_named(write_stack: WriteStack) -> None:
    """Without the declaration a message names branch and file, and says how to remove it."""
    kept, (text,) = prepared(StackFiles(write_stack(b=OTHER)))
    assert kept == ["main"]
    assert text.startswith("a: the rules of main refuse commits, so python-dev.yml would stay")
    assert "`offboarding: {now: true}`" in text


@pytest.mark.parametrize(
    ("delivery", "expected"), [("auto", ["main"]), ("pull_request", [*BRANCHES]), ("direct", [])]
)
def test_files_that_leave_by_pull_request_are_not_deleted(
    write_stack: WriteStack, delivery: str, expected: list[str]
) -> None:
    """Files that leave by pull request are retained, as `delivery` and the rules decide."""
    leaving = f"repository: a\ndelivery: {delivery}\noffboarding: {{now: true}}\n"
    assert prepared(StackFiles(write_stack(a=leaving, b=OTHER))) == (expected, [])


def test_a_branch_of_slipways_that_a_rule_keeps_is_not_deleted(
    github: Server, write_stack: WriteStack
) -> None:
    """Its request is closed; GitHub would answer 422 to the deletion, half-way."""
    files = StackFiles(write_stack(b=OTHER))
    sha = write(github, "GET", "git/ref/heads/main", None)["object"]["sha"]
    write(github, "POST", "git/refs", {"ref": f"refs/heads/{BRING}", "sha": sha})
    names = {"ref_name": {"include": ["refs/heads/slipway/**/*"], "exclude": []}}
    kept = ruleset("deletion") | {"name": "kept", "conditions": names}
    made = write(github, "POST", "rulesets", kept)
    closes = "a: the next up closes its pull request 7"
    stays = f"a: {BRING} stays, as rules refuse to delete it (`deletion` of ruleset 'kept')"
    for enforcement, expected in (
        ("active", [closes, stays]),
        ("disabled", [f"{closes} and deletes {BRING}"]),
    ):
        write(github, "PUT", f"rulesets/{made['id']}", {"enforcement": enforcement})
        export: dict[str, Any] = {"deployment": {"resources": requested("a", BRING, "open")}}
        assert prepare_offboarding(export, files.stack, Observed({}, {})) == (expected, [])
