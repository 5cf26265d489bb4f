"""A repository whose workflows are checked, and variations of it."""

from typing import Any

from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.checks.workflows.check import repository_problems

SETTINGS = StackSettings.model_validate(
    {
        "owner": "acme",
        "accounts": {
            name: {"account_id": digit * 12, "region": "eu-west-1"}
            for name, digit in (("dev", "1"), ("test", "2"), ("prod", "3"))
        },
    }
)
SMOKE: dict[str, Any] = {
    "name": "Smoke",
    "run": "./smoke.sh",
    "env": {"KEY": "${{ secrets.API_KEY }}", "LEVEL": "${{ vars.LEVEL }}"},
}
BILLING: dict[str, Any] = {
    "repository": "billing",
    "deploy": {"lambda_function": "billing-api", "alias": "live", "after": [SMOKE]},
    "artifacts": {"s3_bucket": "acme-packages"},
    "environments": {
        name: {"secrets": ["API_KEY"], "variables": {"LEVEL": "info"}}
        for name in ("dev", "test", "prod")
    },
}


def found(declared: dict[str, Any]) -> list[tuple[str, str]]:
    """Return place and text of each problem of a declaration."""
    repository = Repository.model_validate(declared)
    return [
        (".".join(map(str, problem.path)), problem.text)
        for problem in repository_problems(SETTINGS, repository)
    ]


def with_smoke(**env: str) -> dict[str, Any]:
    """Return the repository with another `env` of its step."""
    return BILLING | {"deploy": BILLING["deploy"] | {"after": [SMOKE | {"env": env}]}}
