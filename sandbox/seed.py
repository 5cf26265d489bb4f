"""The sample content: an organisation, three different repositories, three AWS accounts.

`billing` is a plain Lambda service. `legacy-reports` is older than the standard: it has its own
workflow file and environment, and no tests. `payments` is private and newer than GitHub's change of
the `sub` claim.
"""

from typing import Any, Final

import requests

from sandbox.aws.seed import seed_account

OWNER: Final = "acme"
ACCOUNTS: Final = {"dev": "111111111111", "test": "222222222222", "prod": "333333333333"}
#: May do everything in the sandbox, and is valid nowhere else.
ADMIN_TOKEN: Final = "sandbox-admin"  # noqa: S105 - as public as this file

_APP: Final = """\
# A small Lambda function: it answers with what was asked.


def handler(event, _context):
    return {"statusCode": 200, "body": str(event.get("body", ""))}
"""
_TEST: Final = """\
from app import handler


def test_handler():
    assert handler({"body": "x"}, None)["statusCode"] == 200
"""
_OLD_WORKFLOW: Final = """\
name: reports
on:
  push:
    branches: [main]
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: prod
    steps:
      - uses: actions/checkout@v6
      - run: ./deploy.sh
"""

_NAMES: Final = ("billing", "legacy-reports", "payments")

WORLD: Final[dict[str, Any]] = {
    "users": [{"login": login} for login in ("octocat", "hubot", "monalisa")],
    "organizations": [
        {
            "login": OWNER,
            "admins": ["monalisa"],
            "members": ["octocat", "hubot"],
            "teams": [
                {
                    "slug": "platform",
                    "name": "Platform",
                    "members": ["monalisa"],
                    "repositories": dict.fromkeys(_NAMES, "maintain"),
                },
                {
                    "slug": "payments",
                    "name": "Payments",
                    "members": ["octocat", "hubot"],
                    "repositories": {"payments": "push"},
                },
            ],
        }
    ],
    "apps": [
        {"slug": slug, "installed_on": [OWNER]} for slug in ("change-gate", "datadog-ci-gate")
    ],
    "tokens": [{"token": ADMIN_TOKEN, "login": "monalisa"}],
    "repositories": [
        {
            "owner": OWNER,
            "name": "billing",
            "created_at": "2024-02-03T09:00:00Z",
            "files": {
                "app.py": _APP,
                "tests/__init__.py": "",
                "tests/test_app.py": _TEST,
                "requirements.txt": "\n",
            },
        },
        {
            "owner": OWNER,
            "name": "legacy-reports",
            "created_at": "2021-06-01T09:00:00Z",
            "files": {
                "reports.py": _APP,
                "deploy.sh": "#!/bin/sh\necho deploying\n",
                ".github/workflows/python-dev.yml": _OLD_WORKFLOW,
            },
            "branches": ["develop"],
            "environments": [{"name": "prod", "wait_timer": 5}],
        },
        {
            "owner": OWNER,
            "name": "payments",
            "created_at": "2026-09-01T09:00:00Z",
            "private": True,
            "files": {
                "app.py": _APP,
                "tests/__init__.py": "",
                "tests/test_app.py": _TEST,
                "requirements.txt": "\n",
            },
        },
    ],
}

_BOUNDARY: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["lambda:*", "s3:*"], "Resource": "*"}],
}


def seed_world(github_url: str, aws_url: str, issuer: str) -> None:
    """Put the sample content into an empty sandbox.

    Args:
        github_url: base URL of the GitHub emulator, with a slash at the end.
        aws_url: endpoint of AWS.
        issuer: of GitHub's id-tokens.
    """
    answer = requests.post(f"{github_url}_sandbox/seed", json=WORLD, timeout=30)
    answer.raise_for_status()
    for environment, account in ACCOUNTS.items():
        production = environment == "prod"
        seed_account(
            aws_url,
            account,
            oidc_provider=production,
            issuer=issuer,
            policies={"deployments": _BOUNDARY} if production else None,
        )
