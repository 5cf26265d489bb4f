"""A repository whose chain from a push to AWS is looked at, with texts of its files replaced."""

from typing import Any

from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.workflow_checks.check import findings

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


def found(declared: dict[str, Any], *changes: tuple[str, str, str]) -> list[tuple[str, str]]:
    """Place and text of each finding, in files in which texts were replaced."""
    repository = Repository.model_validate(declared)
    texts = dict(render_workflows(repository.name, Pipeline.of(repository)))
    for file, old, new in changes:
        assert old in texts[file], old
        texts[file] = texts[file].replace(old, new)
    return [
        (".".join(map(str, finding.path)), finding.text)
        for finding in findings(SETTINGS, repository, texts)
    ]
