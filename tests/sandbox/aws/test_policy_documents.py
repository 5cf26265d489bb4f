import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.aws.policy_documents import (
    check_inline_policies,
    check_json,
    check_managed_policy,
    check_permission_policy,
    check_trust_policy,
    same_policy,
    size,
)
from sandbox.aws.refusal import RefusedError
from tests.sandbox.aws.documents import GITHUB, SUBJECT, permissions, policy, trust

STATEMENT = json.loads(permissions())["Statement"][0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param('{"a": 1, "b": 2}', '{"b":2,"a":1}', id="order of keys and white space"),
        pytest.param(permissions(Action="s3:*"), permissions(Action=["s3:*"]), id="list of one"),
        pytest.param(
            permissions(Action=["s3:a", "s3:b"]), permissions(Action=["s3:b", "s3:a"]), id="order"
        ),
        pytest.param(
            policy(STATEMENT),
            json.dumps({"Version": "2012-10-17", "Statement": STATEMENT}),
            id="statement without a list",
        ),
        pytest.param(
            trust(condition={"StringEquals": {f"{GITHUB}:sub": [SUBJECT]}}), trust(), id="condition"
        ),
        pytest.param(
            permissions(Condition={"Bool": {"aws:SecureTransport": True}}),
            permissions(Condition={"Bool": {"aws:SecureTransport": "true"}}),
            id="truth as text",
        ),
    ],
)
def test_spelling_makes_no_difference(one: str, other: str) -> None:
    """Two spellings of one policy have the same meaning."""
    assert same_policy(one, other)
    assert same_policy(other, one)


@pytest.mark.parametrize(
    "other",
    [
        permissions(Action="s3:PutObject"),
        permissions(Effect="Deny"),
        permissions(resource="arn:aws:s3:::acme/*"),
        permissions(Sid="Read"),
        permissions(Action=["s3:GetObject", "s3:PutObject"]),
        policy(STATEMENT, STATEMENT),
        "not JSON",
        "",
    ],
)
def test_meaning_makes_a_difference(other: str) -> None:
    """A policy that grants more, less or other rights has another meaning."""
    assert not same_policy(permissions(), other)
    assert not same_policy(other, permissions())


@given(st.lists(st.sampled_from(["s3:a", "s3:b", "iam:c"]), min_size=1, unique=True), st.randoms())
def test_any_order_of_actions_is_the_same(actions: list[str], random: object) -> None:
    """The order of actions does not change the meaning."""
    shuffled = sorted(actions, key=lambda _: random.random())  # type: ignore[attr-defined] # a Random
    assert same_policy(permissions(Action=actions), permissions(Action=shuffled))


def test_white_space_does_not_count() -> None:
    """AWS's quotas do not count white space."""
    assert size('{ "a":\n\t1 }') == len('{"a":1}')


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param({}, id="none"),
        pytest.param({"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}, id="audience only"),
        pytest.param({"StringLike": {f"{GITHUB}:sub": "*"}}, id="scoped to all"),
        pytest.param({"StringLike": {f"{GITHUB}:sub": ["*"]}}, id="scoped to all in a list"),
        pytest.param({"StringEquals": {f"{GITHUB}:repository": "acme/billing"}}, id="other claim"),
        pytest.param({"StringNotEquals": {f"{GITHUB}:sub": SUBJECT}}, id="other comparison"),
    ],
)
def test_a_role_for_all_of_github_is_refused(condition: object) -> None:
    """AWS requires a condition on the subject or the workflow that does not match all."""
    with pytest.raises(RefusedError) as refused:
        check_trust_policy(trust(condition=condition))
    assert refused.value.code == "MalformedPolicyDocument"
    assert refused.value.message == (
        "Trust policy with trusted principal "
        f"arn:aws:iam::111111111111:oidc-provider/{GITHUB} must evaluate, using StringEquals, "
        f"StringLike or StringEqualsIgnoreCase, {GITHUB}:sub or {GITHUB}:job_workflow_ref which "
        "is not scoped to all."
    )


@pytest.mark.parametrize(
    "document",
    [
        trust(),
        trust(condition={"StringLike": {f"{GITHUB}:sub": "repo:acme/*"}}),
        trust(condition={"StringLike": {f"{GITHUB}:sub": [SUBJECT, "*"]}}),
        trust(condition={"StringEqualsIgnoreCase": {f"{GITHUB}:job_workflow_ref": "acme/a/b@c"}}),
        trust(condition={}, Effect="Deny"),
        trust(condition={}, Principal={"Service": "lambda.amazonaws.com"}, Action="sts:AssumeRole"),
        trust(condition={}, Principal={"Federated": "arn:aws:iam::1:oidc-provider/example.com"}),
    ],
)
def test_what_aws_accepts_is_accepted(document: str) -> None:
    """As at AWS, a broad subject, a list that contains `*` and other issuers are accepted."""
    check_trust_policy(document)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "This policy contains invalid Json"),
        ('{"Version": "2012-10-17", "Version": "2012-10-17"}', "This policy contains invalid Json"),
        ("[]", "Syntax errors in policy."),
        (policy(), "Syntax errors in policy."),
        ('{"Version": "2012-10-17"}', "Syntax errors in policy."),
        (trust().replace("2012-10-17", "2012-10-18"), "Syntax errors in policy."),
        (trust(Conditions={}), "Syntax errors in policy."),
        (trust(Sid={}), "Syntax errors in policy."),
        (trust(Condition=[]), "Syntax errors in policy."),
        (trust(Condition={"StringEquals": []}), "Syntax errors in policy."),
        (trust(Principal="acme"), "Syntax errors in policy."),
        (trust(Resource="*"), "Has prohibited field Resource"),
        (trust(Principal=None), "Missing required field Principal"),
        (trust(Effect=None), "Missing required field Effect"),
        (trust(Effect="allow"), "Invalid effect: allow"),
        (trust(Action=[]), "Missing required field Action"),
    ],
)
def test_a_trust_policy_that_says_nothing_is_refused(document: str, message: str) -> None:
    """Each mistake in a trust policy gets AWS's message."""
    with pytest.raises(RefusedError) as refused:
        check_trust_policy(document)
    assert (refused.value.code, refused.value.message) == ("MalformedPolicyDocument", message)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "The policy is not in the valid JSON format."),
        (permissions(Principal="*"), "Policy document should not specify a principal."),
        (permissions(Action=[]), "Policy statement must contain actions."),
        (
            permissions(Action="GetObject"),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2",
        ),
        (permissions(Resource=None), "Policy statement must contain resources."),
        (
            policy(STATEMENT | {"Sid": "a"}, STATEMENT | {"Sid": "a"}),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
    ],
)
def test_a_permission_policy_that_says_nothing_is_refused(document: str, message: str) -> None:
    """Each mistake in a permission policy gets AWS's message."""
    with pytest.raises(RefusedError) as refused:
        check_permission_policy(document)
    assert (refused.value.code, refused.value.message) == ("MalformedPolicyDocument", message)


def test_a_trust_policy_ends_at_2048_characters() -> None:
    """The quota is exactly 2048 characters without white space."""
    room = 2048 - size(trust(Sid=""))
    check_trust_policy(json.dumps(json.loads(trust(Sid="x" * room)), indent=8))
    with pytest.raises(RefusedError, match="Cannot exceed quota for ACLSizePerRole: 2048"):
        check_trust_policy(trust(Sid="x" * (room + 1)))


def test_inline_policies_end_at_10240_characters_together() -> None:
    """The quota is on the sum of all inline policies of a role."""
    half = permissions(resource="x" * (5120 - size(permissions(resource=""))))
    check_inline_policies("acme", [half, half])
    with pytest.raises(RefusedError, match="10240 bytes exceeded for role acme") as refused:
        check_inline_policies("acme", [half, half, "{}"])
    assert refused.value.code == "LimitExceeded"


def test_a_managed_policy_ends_at_6144_characters() -> None:
    """The quota of a managed policy is exactly 6144 characters."""
    room = 6144 - size(permissions(resource=""))
    check_managed_policy(permissions(resource="x" * room))
    with pytest.raises(RefusedError, match="Cannot exceed quota for PolicySize: 6144"):
        check_managed_policy(permissions(resource="x" * (room + 1)))


def test_what_is_no_json_is_known_without_aws() -> None:
    """A text that is not JSON is refused without a call, already in a preview."""
    check_json(trust())
    with pytest.raises(RefusedError, match="invalid JSON policy"):
        check_json("{")
