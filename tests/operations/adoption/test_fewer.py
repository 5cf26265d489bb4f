"""Defaults of a stack that leave environments out hold for an adopted repository as well."""

import json
from typing import Any

import pytest
from ruamel.yaml import YAML

from components.config.problems import ExitCode
from operations.cli import main
from tests.operations.adoption import grown
from tests.operations.adoption.test_adopt import Machine
from tests.operations.adoption.test_adopt import machine as machine  # noqa: PLC0414 - a fixture


@pytest.mark.parametrize(
    ("defaults", "made"),
    [
        ({"environments": {"dev": "none"}}, {"test", "prod"}),
        ({"deploy": "none"}, set()),
    ],
)
def test_an_adoption_has_the_environments_of_the_stack(
    machine: Machine,
    capsys: pytest.CaptureFixture[str],
    defaults: dict[str, Any],
    made: set[str],
) -> None:
    """The proposal and the list of changes have only the environments that the defaults keep."""
    (machine.folder / "_stack.yaml").write_text(json.dumps(grown.RAW | {"defaults": defaults}))
    assert main(["adopt", "acme", "ledger", "--dry-run", "--json"]) == ExitCode.SUCCESS
    told = json.loads(capsys.readouterr().out)
    proposed = YAML(typ="safe").load(told["proposed"]["ledger.yaml"])
    assert set(proposed.get("environments", {})) <= made
    roles = {one["object"] for one in told["changes"] if one["object"].startswith("role ")}
    assert {name.split(",")[0] for name in roles} == {f"role acme.ledger-{name}" for name in made}
