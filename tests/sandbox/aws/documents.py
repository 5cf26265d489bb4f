"""Policy documents for several tests."""

import json
from typing import Any

GITHUB = "token.actions.githubusercontent.com"
SUBJECT = "repo:acme/billing:environment:dev"


def policy(*statements: dict[str, Any], **top: Any) -> str:
    """A document with these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **top})


def trust(account: str = "111111111111", condition: object = None, **changes: Any) -> str:
    """A trust policy for GitHub's jobs; the default condition admits one subject."""
    wanted = {"StringEquals": {f"{GITHUB}:sub": SUBJECT}} if condition is None else condition
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{GITHUB}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": wanted,
    }
    return policy(_changed(statement, changes))


def permissions(resource: str = "*", **changes: Any) -> str:
    """A permission policy for one action."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}
    return policy(_changed(statement, changes))


def _changed(statement: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The statement with some elements changed, and without those that are None."""
    return {key: value for key, value in (statement | changes).items() if value is not None}
