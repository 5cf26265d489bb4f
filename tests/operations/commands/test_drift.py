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
    """Run `slipway drift acme --json` with given witnesses; return exit code and output."""
    folder = tmp_path / "stacks/acme"
    folder.mkdir(parents=True)
    (folder / "_stack.yaml").write_text(SETTINGS)
    (folder / "billing.yaml").write_text(json.dumps(worlds.BILLING))
    (tmp_path / "Pulumi.yaml").touch()
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


def test_a_world_as_declared_is_0(look: Look) -> None:
    """Without a difference the exit code is 0 and the report is empty and complete."""
    code, report = look()
    assert (code, report["findings"], report["incomplete"]) == (0, [], [])


def test_a_finding_of_either_witness_is_7(look: Look) -> None:
    """A finding of the observer alone or of Pulumi alone gives exit code 7."""
    staging = worlds.with_repository(
        worlds.as_declared(worlds.stack()), other_environments=("staging",)
    )
    code, report = look(QUIET, staging)
    assert (code, [found["live"] for found in report["findings"]]) == (7, ["staging"])
    code, report = look(PLAN)
    assert (code, [found["object"] for found in report["findings"]]) == (7, ["branch develop"])


def test_a_failed_witness_is_1_and_the_others_findings_stay(look: Look) -> None:
    """If a witness fails, the exit code is 1 with its reason; the other's findings stay."""
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
    """An unreadable write time in the state makes the report incomplete (exit code 1)."""
    monkeypatch.setitem(SECRET["outputs"], "updatedAt", "lately")  # type: ignore[arg-type]
    code, report = look()
    (told,) = report["incomplete"]
    assert (code, report["findings"]) == (1, [])
    assert "DATABASE_URL" in told
    assert "'lately'" in told


def test_a_refused_token_is_3(look: Look) -> None:
    """A refused token ends with exit code 3 and no report, since neither witness can look."""
    assert look(QUIET, REFUSED) == (3, {})


def test_without_a_preview_overwritten_secrets_are_seen(look: Look) -> None:
    """With `--no-preview` the write times of the state still reveal overwritten secrets."""
    assert look(TROUBLE, None, "--no-preview")[0] == 0
    younger = {"DATABASE_URL": worlds.WRITTEN + timedelta(seconds=1)}
    world = worlds.with_environment(worlds.as_declared(worlds.stack()), "prod", secrets=younger)
    code, report = look(TROUBLE, world, "--no-preview")
    assert (code, [found["rule"] for found in report["findings"]]) == (7, ["secret/overwritten"])
    # A failing preview does not hide the overwritten secret.
    code, report = look(TROUBLE, world)
    assert (code, [found["rule"] for found in report["findings"]]) == (1, ["secret/overwritten"])


def test_an_unreadable_state_is_incomplete(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unreadable state makes the report incomplete, which keeps an issue open."""
    monkeypatch.setattr("tests.operations.commands.test_drift.EXPORT", TROUBLE)
    code, report = look(QUIET, None, "--no-preview")
    reason = (
        "overwritten secrets, reviewers' names that other accounts have now, repositories made "
        "public, and branches with less protection were not looked for, as the state cannot be "
        "read: AWS: is on holiday"
    )
    assert (code, report["incomplete"]) == (1, [reason])


def test_another_reviewer_of_a_declared_name_is_found_by_the_state(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state's reviewer ids reveal another team with a declared name; a preview does not."""
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
    """A reviewer of a type unknown to the provider is named instead of the provider's error."""
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


def test_nothing_is_as_declared_if_both_witnesses_fail(
    look: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    """If both witnesses fail, nothing is reported as declared, and each reason is given once."""
    said = "error: no credentials\n" * 3
    trouble = ConfigurationError([Problem("pulumi", 0, "", said)], ExitCode.ERROR)
    code, report = look(trouble, TROUBLE)
    assert code == 1
    assert report["incomplete"][0].endswith("its preview fails: pulumi: error: no credentials")
    assert main(["drift", "acme"]) == 1
    assert "acme: nothing is known of 1 repository" in capsys.readouterr().out


def test_an_unwritable_file_is_reported_before_the_look(look: Look, tmp_path: Path) -> None:
    """An output path that cannot be written is exit code 2, before GitHub or AWS is asked."""
    assert look(PLAN, None, "--html", str(tmp_path)) == (2, {})
    assert look(PLAN, None, "--html", str(tmp_path / "none/x")) == (2, {})


def test_samples_are_looked_at_by_name_only(
    look: Look, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a name `drift` skips sample stacks; a stack that is named twice is checked once."""
    look()
    (tmp_path / "stacks/acme").rename(tmp_path / "stacks/sandbox")
    assert main(["drift"]) == ExitCode.CONFIGURATION
    assert "slipway drift sandbox" in capsys.readouterr().err
    assert main(["drift", "sandbox", "sandbox"]) == ExitCode.SUCCESS
    assert capsys.readouterr().out == "sandbox: 1 repository as declared\n"


def test_an_account_out_of_reach_hides_nothing_else(look: Look) -> None:
    """An unreachable account is reported; findings of GitHub and other accounts remain."""
    world = worlds.with_environment(worlds.as_declared(worlds.stack()), "prod", wait_minutes=1)
    accounts = {key: one for key, one in world.accounts.items() if key != "333333333333"}
    world = replace(world, accounts=accounts, unseen={"333333333333": "AssumeRole: no"})
    code, report = look(QUIET, world)
    assert code == 1
    assert [one["rule"] for one in report["findings"]] == ["environment/wait_minutes"]
    said = "roles in AWS account 333333333333 were not looked at: AssumeRole: no"
    assert report["incomplete"] == [said]


def test_an_error_of_many_resources_is_printed_once(look: Look) -> None:
    """Errors that differ only in names, addresses and numbers are printed once with a count."""
    lines = [
        f"refreshing {name}-{n}.yml: 503 from https://x/{name}/{n}"
        for n in range(40)
        for name in ("shop", "billing")
    ]
    failed = PulumiError(("preview",), "\n".join([*lines, "another thing"]))
    (said,) = look(failed)[1]["incomplete"]
    assert "shop-0.yml: 503 from https://x/shop/0 (and 79 more like it); another thing" in said
    assert len(said) < 400


def test_a_rule_beyond_the_owners_plan_is_a_wrong_declaration(
    look: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    """A declared rule that the plan does not offer is exit code 2, not a drift finding."""
    declared = worlds.as_declared(worlds.stack())
    assert look(QUIET, worlds.with_repository(declared, plan="enterprise"))[0] == 0
    assert look(QUIET, worlds.with_repository(declared, plan="team")) == (2, {})
    assert main(["drift", "acme"]) == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert "stacks/acme/billing.yaml:1: environments.prod.wait_minutes: billing is not" in said
