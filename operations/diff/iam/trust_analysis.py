"""Find the subjects of GitHub's id-tokens that a foreign trust policy admits.

Each function that judges takes the issuer of these tokens, without https://: condition keys and the
ARN of GitHub's provider contain it.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from operations.diff.iam.patterns import matches, may_begin
from operations.diff.iam.statements import listed

_IDS: Final = re.compile(r"@\d+")
_ASSUMES: Final = "sts:AssumeRoleWithWebIdentity"
#: Stands for any subject, if a statement does not compare it.
ANY: Final = "*"


def admits_subject(trust: Mapping[str, Any], issuer: str, subject: str) -> bool:
    """True if a statement admits GitHub's id-tokens with a subject.

    Only `sub` is read: other conditions can only admit fewer tokens.
    """
    return any(
        all(
            any(_equals(operator, value, subject) for value in values)
            for operator, values in _compared(statement, f"{issuer}:sub")
        )
        for statement in _statements(trust)
        if _has_github(statement, issuer)
    )


def lets_github_in(trust: Mapping[str, Any], issuer: str) -> bool:
    """True if a statement has GitHub's provider as a principal."""
    return any(_has_github(statement, issuer) for statement in _statements(trust))


def openings(
    trust: Mapping[str, Any],
    issuer: str,
    beginnings: Sequence[str],
    full_name: str,
    id_: int,
) -> list[str]:
    """The subjects, as the policy writes them, by which it may admit jobs of a repository.

    The conditions on `sub`, `repository` and `repository_id` are read. Other conditions, and
    statements that deny, can only admit fewer jobs.

    Args:
        trust: the document.
        issuer: of the repository's id-tokens.
        beginnings: of the subjects of the repository's id-tokens.
        full_name: `OWNER/NAME`.
        id_: the repository's.
    """
    found: list[str] = []
    for statement in _statements(trust):
        if not (_has_github(statement, issuer) and _assumes(statement)):
            continue
        if not all(
            any(_equals(operator, value, wanted) for value in values)
            for claim, wanted in (("repository", full_name), ("repository_id", str(id_)))
            for operator, values in _compared(statement, f"{issuer}:{claim}")
        ):
            continue
        subjects = [
            [value for value in values if any(_begins(operator, value, one) for one in beginnings)]
            for operator, values in _compared(statement, f"{issuer}:sub")
        ]
        if all(subjects):
            found += [value for values in subjects for value in values] or [ANY]
    return list(dict.fromkeys(found))


def _compared(statement: Mapping[str, Any], key: str) -> Iterator[tuple[str, list[str]]]:
    """The operators, in lower case, that compare a condition key, each with its values."""
    for full_operator, keys in statement.get("Condition", {}).items():
        operator = full_operator.lower().rpartition(":")[2].removesuffix("ifexists")
        if operator in ("stringequals", "stringequalsignorecase", "stringlike"):
            for name, values in keys.items():
                if name.lower() == key.lower():
                    yield operator, [str(value) for value in listed(values)]


def _equals(operator: str, value: str, wanted: str) -> bool:
    if operator == "stringlike":
        return matches(value, wanted)
    ignore_case = operator == "stringequalsignorecase"
    return value.lower() == wanted.lower() if ignore_case else value == wanted


def _begins(operator: str, value: str, beginning: str) -> bool:
    if operator == "stringlike":
        return may_begin(value, beginning)
    if operator == "stringequalsignorecase":
        value, beginning = value.lower(), beginning.lower()
    return value.startswith(beginning)


def _assumes(statement: Mapping[str, Any]) -> bool:
    inverted = "NotAction" in statement
    actions = listed(statement.get("NotAction" if inverted else "Action", ()))
    named = any(matches(str(action), _ASSUMES, ignore_case=True) for action in actions)
    return named != inverted


def is_only_for(
    trust: Mapping[str, Any], issuer: str, full_name: str, exact: Collection[str] = ()
) -> bool:
    """True if a trust policy admits jobs of one repository only.

    Args:
        trust: the document.
        issuer: of the repository's id-tokens.
        full_name: `OWNER/NAME`; subjects may have its ids or not.
        exact: further subjects that only this repository's jobs have.
    """
    beginning = f"repo:{full_name}:".lower()
    return all(
        _is_github(statement, issuer)
        and bool(subjects := _subjects(statement, issuer))
        and all(
            pattern in exact or _IDS.sub("", pattern).lower().startswith(beginning)
            for pattern in subjects
        )
        for statement in _statements(trust)
    )


def subjects_alone(before: str, after: str) -> tuple[str, str]:
    """The subjects of two statements that differ in nothing else.

    Args:
        before: a statement as JSON, or anything else.
        after: another one.

    Returns:
        The subjects; both texts unchanged if something else differs.
    """
    try:
        statements = [json.loads(text) for text in (before, after)]
        subjects = [", ".join(_subjects(statement, "")) for statement in statements]
    except (AttributeError, TypeError, ValueError):
        return before, after
    if not all(subjects) or _without_subjects(statements[0]) != _without_subjects(statements[1]):
        return before, after
    return subjects[0], subjects[1]


def _without_subjects(statement: Mapping[str, Any]) -> dict[str, Any]:
    condition = {}
    for operator, keys in statement["Condition"].items():
        if others := {key: value for key, value in keys.items() if not _is_subject(key, "")}:
            condition[operator] = others
    return {**statement, "Condition": condition}


def _statements(trust: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The statements with the effect Allow."""
    for statement in listed(trust.get("Statement", ())):
        if statement["Effect"] == "Allow":
            yield statement


def _has_github(statement: Mapping[str, Any], issuer: str) -> bool:
    """True if GitHub's provider is one of the principals."""
    return statement.get("Principal") == "*" or any(_are_github(statement, issuer))


def _is_github(statement: Mapping[str, Any], issuer: str) -> bool:
    """True if GitHub's provider is the only principal."""
    principal = statement.get("Principal")
    alone = isinstance(principal, Mapping) and set(principal) == {"Federated"}
    return alone and all(_are_github(statement, issuer))


def _are_github(statement: Mapping[str, Any], issuer: str) -> list[bool]:
    """For each federated principal, whether it is GitHub's provider."""
    principal = statement.get("Principal")
    arns = listed(principal.get("Federated", ())) if isinstance(principal, Mapping) else []
    return [str(arn).endswith(f":oidc-provider/{issuer}") for arn in arns]


def _subjects(statement: Mapping[str, Any], issuer: str) -> list[str]:
    """The values that `sub` is compared with, without those of negated operators.

    Without an issuer, it is the `sub` of any.
    """
    found: list[str] = []
    for operator, keys in statement.get("Condition", {}).items():
        if "Not" in operator or not operator.split(":")[-1].startswith("String"):
            continue
        for key, values in keys.items():
            if _is_subject(key, issuer):
                found += [str(value) for value in listed(values)]
    return found


def _is_subject(key: str, issuer: str) -> bool:
    """Whether a condition key is the `sub` of an issuer, or of any."""
    host, _, claim = key.lower().rpartition(":")
    return claim == "sub" and issuer.lower() in {"", host}
