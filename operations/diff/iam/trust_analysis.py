"""Find the subjects of GitHub's id-tokens that a foreign trust policy admits."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.model.stack import ISSUER
from operations.diff.iam.patterns import matches, may_begin
from operations.diff.iam.statements import listed

_SUBJECT: Final = f"{ISSUER}:sub"
_IDS: Final = re.compile(r"@\d+")
_ASSUMES: Final = "sts:AssumeRoleWithWebIdentity"
#: Any subject: what a statement says that compares none.
ANY: Final = "*"


def admits_subject(trust: Mapping[str, Any], subject: str) -> bool:
    """Whether a statement lets GitHub's id-tokens of a subject in.

    Only `sub` is looked at: other conditions can only make it fewer.
    """
    return any(
        matches(pattern, subject)
        for statement in _statements(trust)
        if _has_github(statement)
        for pattern in _subjects(statement) or ("*",)
    )


def lets_github_in(trust: Mapping[str, Any]) -> bool:
    """Whether a statement is about GitHub's id-tokens at all."""
    return any(_has_github(statement) for statement in _statements(trust))


def openings(trust: Mapping[str, Any], prefix: str, full_name: str, id_: int) -> list[str]:
    """What of a trust policy may let jobs of a repository in, in the words of the policy.

    Looked at are `sub`, `repository` and `repository_id`; other conditions, and statements that
    deny, can only make it fewer.

    Args:
        trust: the document.
        prefix: what subjects of the repository's id-tokens begin with, without a colon.
        full_name: `OWNER/NAME`.
        id_: the repository's.
    """
    found: list[str] = []
    for statement in _statements(trust):
        if not (_has_github(statement) and _assumes(statement)):
            continue
        if not all(
            any(_equals(operator, value, wanted) for value in values)
            for claim, wanted in (("repository", full_name), ("repository_id", str(id_)))
            for operator, values in _compared(statement, claim)
        ):
            continue
        subjects = [
            [value for value in values if _begins(operator, value, f"{prefix}:")]
            for operator, values in _compared(statement, "sub")
        ]
        if all(subjects):
            found += [value for values in subjects for value in values] or [ANY]
    return list(dict.fromkeys(found))


def _compared(statement: Mapping[str, Any], claim: str) -> Iterator[tuple[str, list[str]]]:
    """What a claim of GitHub's has to be, by operator in lower case; one of the values each."""
    key = f"{ISSUER}:{claim}"
    for full_operator, keys in statement.get("Condition", {}).items():
        operator = full_operator.lower().rpartition(":")[2].removesuffix("ifexists")
        if operator in ("stringequals", "stringequalsignorecase", "stringlike"):
            for name, values in keys.items():
                if name.lower() == key:
                    yield operator, [str(value) for value in listed(values)]


def _equals(operator: str, value: str, wanted: str) -> bool:
    if operator == "stringlike":
        return matches(value, wanted)
    if operator == "stringequalsignorecase":
        return value.lower() == wanted.lower()
    return value == wanted


def _begins(operator: str, value: str, beginning: str) -> bool:
    if operator == "stringlike":
        return may_begin(value, beginning)
    if operator == "stringequalsignorecase":
        return value.lower().startswith(beginning.lower())
    return value.startswith(beginning)


def _assumes(statement: Mapping[str, Any]) -> bool:
    inverted = "NotAction" in statement
    actions = listed(statement.get("NotAction" if inverted else "Action", ()))
    named = any(matches(str(action), _ASSUMES, ignore_case=True) for action in actions)
    return named != inverted


def is_only_for(trust: Mapping[str, Any], full_name: str) -> bool:
    """Whether jobs of one repository are all that a trust policy lets in.

    Args:
        trust: the document.
        full_name: `OWNER/NAME`; subjects may have its ids or not.
    """
    beginning = f"repo:{full_name}:".lower()
    return all(
        _is_github(statement)
        and bool(subjects := _subjects(statement))
        and all(_IDS.sub("", pattern).lower().startswith(beginning) for pattern in subjects)
        for statement in _statements(trust)
    )


def subjects_alone(before: str, after: str) -> tuple[str, str]:
    """Two statements as the subjects they let in, where nothing else is different about them.

    Args:
        before: a statement as JSON, or anything else.
        after: another one.

    Returns:
        The subjects, or both texts as they were.
    """
    try:
        statements = [json.loads(text) for text in (before, after)]
        subjects = [", ".join(_subjects(statement)) for statement in statements]
        rests = [_without_subjects(statement) for statement in statements]
    except (AttributeError, TypeError, ValueError):
        return before, after
    if not all(subjects) or rests[0] != rests[1]:
        return before, after
    return subjects[0], subjects[1]


def _without_subjects(statement: Mapping[str, Any]) -> dict[str, Any]:
    condition = {}
    for operator, keys in statement.get("Condition", {}).items():
        if others := {key: value for key, value in keys.items() if key.lower() != _SUBJECT}:
            condition[operator] = others
    return {**statement, "Condition": condition}


def _statements(trust: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The statements that allow something."""
    for statement in listed(trust.get("Statement", ())):
        if statement["Effect"] == "Allow":
            yield statement


def _has_github(statement: Mapping[str, Any]) -> bool:
    """Whether GitHub's provider is among the principals, whoever else is."""
    principal = statement.get("Principal")
    if principal == "*":
        return True
    arns = listed(principal.get("Federated", ())) if isinstance(principal, Mapping) else []
    return any(str(arn).endswith(f":oidc-provider/{ISSUER}") for arn in arns)


def _is_github(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping) or set(principal) != {"Federated"}:
        return False
    arns = listed(principal["Federated"])
    return all(str(arn).endswith(f":oidc-provider/{ISSUER}") for arn in arns)


def _subjects(statement: Mapping[str, Any]) -> list[str]:
    """What `sub` is compared with, by operators that say what it is and not what it is not."""
    found: list[str] = []
    for operator, keys in statement.get("Condition", {}).items():
        if "Not" in operator or not operator.split(":")[-1].startswith("String"):
            continue
        for key, values in keys.items():
            if key.lower() == _SUBJECT:
                found += [str(value) for value in listed(values)]
    return found
