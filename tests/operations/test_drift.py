import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations import drift
from operations.cli import main
from operations.observer.observed import Observed
from tests.operations.drifting import worlds

SETTINGS = """\
owner: acme
accounts:
  dev: {account_id: "111111111111", region: eu-west-1}
  test: {account_id: "222222222222", region: eu-west-1}
  prod: {account_id: "333333333333", region: eu-west-1, oidc_provider: existing}
"""
EXPORT: dict[str, Any] = {"deployment": {"resources": []}}
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

        def observe(*_: Any, **__: Any) -> Observed:
            found = observed or worlds.as_declared(worlds.stack())
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
    reason = "what only Pulumi sees is missing, its preview fails: AWS: is on holiday"
    assert report["incomplete"] == [reason]
    code, report = look(PLAN, TROUBLE)
    assert code == 1
    assert report["incomplete"] == ["what Pulumi does not see is missing: AWS: is on holiday"]
    assert [found["object"] for found in report["findings"]] == ["branch develop"]


def test_a_refused_token_is_3(look: Look) -> None:
    """Neither witness can look without it."""
    assert look(QUIET, REFUSED) == (3, {})


def test_the_observer_alone_asks_no_pulumi(look: Look) -> None:
    """`--no-preview` does without the engine."""
    assert look(TROUBLE, None, "--no-preview")[0] == 0
