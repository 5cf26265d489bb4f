"""Policy documents: which ones AWS accepts, and whether two of them have the same meaning.

It checks the grammar (IAM User Guide: grammar of the IAM JSON policy language) as far as mistakes
in generated documents need it. Deliberately absent: whether actions and ARNs exist.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.aws.refusal import RefusedError

#: Characters without white space (IAM User Guide: quotas).
TRUST_POLICY: Final = 2048
INLINE_POLICIES: Final = 10_240
MANAGED_POLICY: Final = 6144

VERSIONS: Final = ("2012-10-17", "2008-10-17")
_TOP = {"Version", "Id", "Statement"}
_STATEMENT = {
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
}
_GITHUB: Final = "token.actions.githubusercontent.com"
_SCOPING: Final = (f"{_GITHUB}:sub", f"{_GITHUB}:job_workflow_ref")
_COMPARISONS: Final = ("stringequals", "stringlike", "stringequalsignorecase")


def size(document: str) -> int:
    """The number of characters that AWS counts: all but white space."""
    return sum(not character.isspace() for character in document)


def check_json(document: str) -> None:
    """Refuse a text that is not a JSON object, as pulumi-aws does before it calls AWS."""
    _parse(document, "contains an invalid JSON policy")


def check_trust_policy(document: str) -> None:
    """Refuse a document that is not a valid trust policy."""
    policy = _parse(document, "This policy contains invalid Json")
    for statement in _statements(policy):
        if "Principal" not in statement and "NotPrincipal" not in statement:
            raise _malformed("Missing required field Principal")
        for element in ("Resource", "NotResource"):
            if element in statement:
                raise _malformed(f"Has prohibited field {element}")
        _check_actions(statement, "Missing required field Action")
        _check_tenancy(statement)
    if size(document) > TRUST_POLICY:
        raise RefusedError(
            "LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {TRUST_POLICY}"
        )


def check_permission_policy(document: str) -> None:
    """Refuse a document that is not a valid permission policy."""
    policy = _parse(document, "The policy is not in the valid JSON format.")
    for statement in _statements(policy):
        for element in ("Principal", "NotPrincipal"):
            if element in statement:
                raise _malformed(f"Policy document should not specify a {element.lower()}.")
        _check_actions(statement, "Policy statement must contain actions.")
        if "Resource" not in statement and "NotResource" not in statement:
            raise _malformed("Policy statement must contain resources.")


def check_managed_policy(document: str) -> None:
    """Refuse a document that is not a valid managed policy."""
    check_permission_policy(document)
    if size(document) > MANAGED_POLICY:
        raise RefusedError("LimitExceeded", f"Cannot exceed quota for PolicySize: {MANAGED_POLICY}")


def check_inline_policies(role: str, documents: Iterable[str]) -> None:
    """Refuse inline policies that are too long together."""
    if sum(map(size, documents)) > INLINE_POLICIES:
        raise RefusedError(
            "LimitExceeded",
            f"Maximum policy size of {INLINE_POLICIES} bytes exceeded for role {role}",
        )


def same_policy(one: str, other: str) -> bool:
    """Whether two documents have the same meaning.

    The order of keys, list items and statements does not matter, nor does white space, nor whether
    a single text is in a list.
    """
    if one == other:
        return True
    try:
        return bool(_canonical(json.loads(one)) == _canonical(json.loads(other)))
    except (ValueError, RecursionError):
        return False


def _canonical(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {
            key: _canonical(_as_list(value) if key == "Statement" else value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        members = sorted(map(_canonical, node), key=_text)
        # A list with one text (an action, a condition's value) has the meaning of that text.
        return members[0] if len(members) == 1 and isinstance(members[0], str) else members
    # Conditions may have numbers and truth values as JSON values or as texts.
    return _text(node) if isinstance(node, bool | int | float) else node


def _text(node: Any) -> str:
    return node if isinstance(node, str) else json.dumps(node, sort_keys=True)


def _as_list(node: Any) -> list[Any]:
    return node if isinstance(node, list) else [node]


def _malformed(message: str) -> RefusedError:
    return RefusedError("MalformedPolicyDocument", message)


def _parse(document: str, invalid_json: str) -> dict[str, Any]:
    try:
        policy = json.loads(document, object_pairs_hook=_unique)
    except ValueError as error:
        raise _malformed(invalid_json) from error
    if not isinstance(policy, dict) or policy.keys() - _TOP or "Statement" not in policy:
        raise _malformed("Syntax errors in policy.")
    if policy.get("Version", VERSIONS[1]) not in VERSIONS:
        raise _malformed("Syntax errors in policy.")
    return policy


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _statements(policy: Mapping[str, Any]) -> list[dict[str, Any]]:
    statements = _as_list(policy["Statement"])
    if not statements:
        raise _malformed("Syntax errors in policy.")
    for statement in statements:
        if not _well_formed(statement):
            raise _malformed("Syntax errors in policy.")
        if "Effect" not in statement:
            raise _malformed("Missing required field Effect")
        if statement["Effect"] not in ("Allow", "Deny"):
            raise _malformed(f"Invalid effect: {statement['Effect']}")
    named = [statement["Sid"] for statement in statements if statement.get("Sid")]
    if len(set(named)) < len(named):
        raise _malformed("Statement IDs (SID) in a single policy must be unique.")
    return statements


def _well_formed(statement: Any) -> bool:
    """Whether the parts of a statement have valid types: texts, objects and so on."""
    if not isinstance(statement, dict) or statement.keys() - _STATEMENT:
        return False
    principals = [statement[name] for name in ("Principal", "NotPrincipal") if name in statement]
    conditions = statement.get("Condition", {})
    return (
        isinstance(statement.get("Sid", ""), str)
        and all(isinstance(given, dict) or given == "*" for given in principals)
        and isinstance(conditions, dict)
        and all(isinstance(keys, dict) for keys in conditions.values())
    )


def _check_actions(statement: Mapping[str, Any], missing: str) -> None:
    actions = _as_list(statement.get("Action", statement.get("NotAction", [])))
    if not actions:
        raise _malformed(missing)
    for action in actions:
        if not isinstance(action, str) or (action != "*" and ":" not in action):
            raise _malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2")


def _check_tenancy(statement: Mapping[str, Any]) -> None:
    """Refuse to trust all of GitHub (IAM User Guide: controls for shared OIDC providers)."""
    principal = statement.get("Principal")
    federated = _as_list(principal.get("Federated", [])) if isinstance(principal, dict) else []
    trusted = [arn for arn in federated if str(arn).endswith(f":oidc-provider/{_GITHUB}")]
    if statement["Effect"] != "Allow" or not trusted:
        return
    conditions = statement.get("Condition", {})
    for operator, keys in conditions.items():
        if operator.lower() in _COMPARISONS and any(map(_scopes, keys.items())):
            return
    raise _malformed(
        f"Trust policy with trusted principal {trusted[0]} must evaluate, using StringEquals, "
        f"StringLike or StringEqualsIgnoreCase, {_SCOPING[0]} or {_SCOPING[1]} which is not "
        "scoped to all."
    )


def _scopes(condition: tuple[str, Any]) -> bool:
    key, values = condition
    return key.lower() in _SCOPING and any(value != "*" for value in _as_list(values))
