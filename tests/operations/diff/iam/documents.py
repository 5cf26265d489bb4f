"""IAM policy documents of one or a few statements."""

from typing import Any

from operations.diff.iam.policies import compare


def allowing(*actions: str, effect: str = "Allow", resource: str = "*") -> dict[str, Any]:
    """A document of one statement."""
    return {"Statement": {"Effect": effect, "Action": list(actions), "Resource": resource}}


def trust(operator: str, *subjects: str) -> dict[str, Any]:
    """A trust policy with a condition on the subject."""
    condition = {operator: {"token.actions.githubusercontent.com:sub": list(subjects)}}
    principal = {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"}
    return {
        "Statement": {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        }
    }


def with_ref(document: dict[str, Any], operator: str = "StringEquals") -> dict[str, Any]:
    """The same trust for one branch alone."""
    statement = document["Statement"]
    claim = {"token.actions.githubusercontent.com:ref": "refs/heads/main"}
    condition = {**statement["Condition"]}
    condition[operator] = {**condition.get(operator, {}), **claim}
    return {"Statement": {**statement, "Condition": condition}}


def all_of(*documents: dict[str, Any]) -> dict[str, Any]:
    """A document with the statements of several."""
    return {"Statement": [document["Statement"] for document in documents]}


def direction(declared: dict[str, Any], live: dict[str, Any]) -> str | None:
    """The direction's word."""
    found = compare(declared, live)
    return found.value if found else None
