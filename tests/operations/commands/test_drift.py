import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.stack import Stack
from operations.cli import main
from operations.commands import drift
from operations.engine.errors import PulumiError
from operations.live.observed import Observed
from tests.operations.diff import worlds

SETTINGS = """\
owner: acme
accounts:
  dev: {account_id: "111111111111", region: eu-west-1}
  test: {account_id: "222222222222", region: eu-west-1}
  prod: {account_id: "333333333333", region: eu-west-1, oidc_provider: existing}
"""
SECRET = {
    "type": "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
    "outputs": {
        "repository": "billing",
        "environment": "prod",
        "secretName": "DATABASE_URL",
        "updatedAt": f"{worlds.WRITTEN:%Y-%m-%d %H:%M:%S} +0000 UTC",
    },
}
EXPORT: Any = {"deployment": {"resources": [SECRET]}}
QUIET: dict[str, Any] = {"steps": []}
KIND = "github:index/branch:Branch"
PLAN = {
    "steps": [
        {
            "op": "create",
            "urn": f"urn:pulumi:acme::slipway::{KIND}::billing-branch:develop",
            "newState": {
                "type": KIND,
                "custom": True,
                "inputs": {"repository": "billing", "branch": "develop"},
            },
        }
    ]
}
TROUBLE = ConfigurationError([Problem("AWS", 0, "", "is on holiday")], ExitCode.ERROR)
REFUSED = ConfigurationError([Problem("GitHub", 0, "", "no entry")], ExitCode.AUTHENTICATION)

Look = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Look:
    """`slipway drift acme --json` with given witnesses: its exit code and what it prints."""
    folder = tmp_path / "stacks/acme"
    folder.mkdir(parents=True)
    (folder / "_stack.yaml").write_text(SETTINGS)
    (folder / "billing.yaml").write_text(json.dumps(worlds.BILLING))
    monkeypatch.chdir(tmp_path)

    def looked(
        plan: dict[str, Any] | ConfigurationError = QUIET,
        observed: Observed | ConfigurationError | None = None,
        *options: str,
    ) -> tuple[int, dict[str, Any]]:
        def ask(*arguments: str) -> Any:
            answer = EXPORT if arguments[0] == "stack" else plan
            if isinstance(answer, ConfigurationError):
                raise answer
            return answer

        def observe(stack: Stack, *_: Any, **__: Any) -> Observed:
            found = observed or worlds.as_declared(stack)
            if isinstance(found, ConfigurationError):
                raise found
            return found

        monkeypatch.setattr(drift, "pulumi_json", ask)
        monkeypatch.setattr(drift, "observe", observe)
        code = main(["drift", "acme", "--json", *options])
        said = capsys.readouterr().out
        return code, json.loads(said)["stacks"][0] if said else {}

    return looked


def test_what_is_as_declared_is_0(look: Look) -> None:
    """Nothing differs, and that is said."""
    code, report = look()
    assert (code, report["findings"], report["incomplete"]) == (0, [], [])


def test_drift_is_7_whoever_saw_it(look: Look) -> None:
    """A finding of the observer alone, and one of Pulumi alone."""
    staging = worlds.with_repository(
        worlds.as_declared(worlds.stack()), other_environments=("staging",)
    )
    code, report = look(QUIET, staging)
    assert (code, [found["live"] for found in report["findings"]]) == (7, ["staging"])
    code, report = look(PLAN)
    assert (code, [found["object"] for found in report["findings"]]) == (7, ["branch develop"])


def test_a_witness_that_fails_is_1_and_the_other_is_heard(look: Look) -> None:
    """A report that lacks something says so, and is not taken for a clean one."""
    code, report = look(TROUBLE)
    assert code == 1
    reason = "differences that only Pulumi shows are missing, its preview fails: AWS: is on holiday"
    assert report["incomplete"] == [reason]
    code, report = look(PLAN, TROUBLE)
    assert code == 1
    assert report["incomplete"] == [
        "differences that Pulumi does not show are missing: AWS: is on holiday"
    ]
    assert [found["object"] for found in report["findings"]] == ["branch develop"]


def test_a_time_of_the_state_that_cannot_be_read_is_incomplete(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No crash, and not as declared: nobody knows whether that secret was overwritten."""
    monkeypatch.setitem(SECRET["outputs"], "updatedAt", "lately")  # type: ignore[arg-type]
    code, report = look()
    (told,) = report["incomplete"]
    assert (code, report["findings"]) == (1, [])
    assert "DATABASE_URL" in told
    assert "'lately'" in told


def test_a_refused_token_is_3(look: Look) -> None:
    """Neither witness can look without it."""
    assert look(QUIET, REFUSED) == (3, {})


def test_without_a_preview_overwritten_secrets_are_seen(look: Look) -> None:
    """`--no-preview` asks for no plan, and for the state's times of writing all the same."""
    assert look(TROUBLE, None, "--no-preview")[0] == 0
    younger = {"DATABASE_URL": worlds.WRITTEN + timedelta(seconds=1)}
    world = worlds.with_environment(worlds.as_declared(worlds.stack()), "prod", secrets=younger)
    code, report = look(TROUBLE, world, "--no-preview")
    assert (code, [found["rule"] for found in report["findings"]]) == (7, ["secret/overwritten"])
    # A failing preview takes nothing away from that.
    code, report = look(TROUBLE, world)
    assert (code, [found["rule"] for found in report["findings"]]) == (1, ["secret/overwritten"])


def test_a_state_that_cannot_be_read_is_no_clean_one(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a secret was overwritten is not known then, which keeps an issue open."""
    monkeypatch.setattr("tests.operations.commands.test_drift.EXPORT", TROUBLE)
    code, report = look(QUIET, None, "--no-preview")
    reason = (
        "overwritten secrets, reviewers' names that other accounts have now, repositories made "
        "public, and branches with less protection were not looked for, as the state cannot be "
        "read: AWS: is on holiday"
    )
    assert (code, report["incomplete"]) == (1, [reason])


def test_a_reviewer_who_took_anothers_name_is_told_by_the_state(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pulumi's preview says nothing of it: the id that the program resolves is the new one's."""
    kind = "github:index/repositoryEnvironment:RepositoryEnvironment"
    given = {"users": [12], "teams": [31, 32]}
    inputs = {"repository": "billing", "environment": "prod", "reviewers": [given]}
    state = {"deployment": {"resources": [SECRET, {"type": kind, "inputs": inputs}]}}
    monkeypatch.setattr("tests.operations.commands.test_drift.EXPORT", state)
    ids = {"octocat": 12, "team platform": 77, "team payments": 32}
    world = worlds.with_environment(worlds.as_declared(worlds.stack()), "prod", reviewer_ids=ids)
    code, report = look(QUIET, world)
    (found,) = report["findings"]
    assert (code, found["rule"]) == (7, "environment/other_reviewer")
    assert (found["declared"], found["live"]) == ("team platform: 31", "team platform: 77")


def test_a_reviewer_that_the_provider_cannot_read_is_named(look: Look) -> None:
    """In the place of an error without a name, which ends the preview of the whole stack."""
    raw = "reviewer.Type is *string, not a string of 'User' or 'Team', unable to unmarshal"
    world = worlds.with_environment(
        worlds.as_declared(worlds.stack()),
        "dev",
        other_reviewers=frozenset({"BusinessTeam ent:xyz"}),
    )
    code, report = look(PulumiError(("preview",), raw), world)
    assert (code, [found["rule"] for found in report["findings"]]) == (
        1,
        ["environment/unknown_reviewer"],
    )
    (said,) = report["incomplete"]
    assert "environment dev of acme/billing has a reviewer that Pulumi's GitHub" in said
    assert "unmarshal" not in said


def test_nothing_is_said_to_be_as_declared_when_nobody_could_look(
    look: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    """And each reason is given once, whatever Pulumi repeats."""
    said = "error: no credentials\n" * 3
    trouble = ConfigurationError([Problem("pulumi", 0, "", said)], ExitCode.ERROR)
    code, report = look(trouble, TROUBLE)
    assert code == 1
    assert report["incomplete"][0].endswith("its preview fails: pulumi: error: no credentials")
    assert main(["drift", "acme"]) == 1
    assert "acme: nothing is known of 1 repository" in capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_said_before_the_look(look: Look, tmp_path: Path) -> None:
    """A wrong path is a mistake of the command line, not a witness that failed."""
    assert look(PLAN, None, "--html", str(tmp_path)) == (2, {})
    assert look(PLAN, None, "--html", str(tmp_path / "none/x")) == (2, {})


def test_samples_are_looked_at_by_name_only(
    look: Look, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their accounts are nobody's; a stack that is named twice is looked at once."""
    look()
    (tmp_path / "stacks/acme").rename(tmp_path / "stacks/sandbox")
    assert main(["drift"]) == ExitCode.CONFIGURATION
    assert "slipway drift sandbox" in capsys.readouterr().err
    assert main(["drift", "sandbox", "sandbox"]) == ExitCode.SUCCESS
    assert capsys.readouterr().out == "sandbox: 1 repository as declared\n"


def test_an_account_out_of_reach_hides_nothing_else(look: Look) -> None:
    """What GitHub and the other accounts told is told, and what was not looked at."""
    world = worlds.with_environment(worlds.as_declared(worlds.stack()), "prod", wait_minutes=1)
    accounts = {key: one for key, one in world.accounts.items() if key != "333333333333"}
    world = replace(world, accounts=accounts, unseen={"333333333333": "AssumeRole: no"})
    code, report = look(QUIET, world)
    assert code == 1
    assert [one["rule"] for one in report["findings"]] == ["environment/wait_minutes"]
    said = "roles in AWS account 333333333333 were not looked at: AssumeRole: no"
    assert report["incomplete"] == [said]


def test_one_error_of_many_resources_is_one(look: Look) -> None:
    """Pulumi says it for each; names, addresses and numbers are all that differs."""
    lines = [
        f"refreshing {name}-{n}.yml: 503 from https://x/{name}/{n}"
        for n in range(40)
        for name in ("shop", "billing")
    ]
    failed = PulumiError(("preview",), "\n".join([*lines, "another thing"]))
    (said,) = look(failed)[1]["incomplete"]
    assert "shop-0.yml: 503 from https://x/shop/0 (and 79 more like it); another thing" in said
    assert len(said) < 400


def test_what_the_owners_plan_does_not_have_is_a_wrong_declaration(
    look: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    """No report says that reviewers are missing which GitHub would refuse."""
    declared = worlds.as_declared(worlds.stack())
    assert look(QUIET, worlds.with_repository(declared, plan="enterprise"))[0] == 0
    assert look(QUIET, worlds.with_repository(declared, plan="team")) == (2, {})
    assert main(["drift", "acme"]) == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert "stacks/acme/billing.yaml:1: environments.prod.wait_minutes: billing is not" in said
