from collections.abc import Callable
from typing import Any

import pytest

from sandbox.aws import limits
from sandbox.aws.refusal import RefusedError


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (limits.check_role_name, "a" * 64),
        (limits.check_role_name, "acme.billing-dev_1+=,@"),
        (limits.check_policy_name, "a" * 128),
        (limits.check_path, "/"),
        (limits.check_path, "/slipway/"),
        (limits.check_description, "é" * 1000),
        (limits.check_session_duration, 3600),
        (limits.check_session_duration, 43200),
        (limits.check_tags, {f"key-{i}": "" for i in range(50)}),
        (limits.check_tags, {"größe": "a b_.:/=+-@", "k" * 128: "v" * 256}),
        (limits.check_issuer, "https://token.actions.githubusercontent.com"),
        (limits.check_client_ids, ["sts.amazonaws.com"] * 100),
        (limits.check_thumbprints, ["f" * 40] * 5),
    ],
)
def test_the_limit_itself_is_allowed(check: Callable[[Any], None], value: Any) -> None:
    """A value at the limit is accepted."""
    check(value)


@pytest.mark.parametrize(
    ("check", "value", "code"),
    [
        (limits.check_role_name, "a" * 65, "ValidationError"),
        (limits.check_role_name, "", "ValidationError"),
        (limits.check_role_name, "acme/billing", "ValidationError"),
        (limits.check_role_name, "größe", "ValidationError"),
        (limits.check_policy_name, "a" * 129, "ValidationError"),
        (limits.check_path, "slipway", "ValidationError"),
        (limits.check_path, f"/{'a' * 511}/", "ValidationError"),
        (limits.check_description, "a" * 1001, "ValidationError"),
        (limits.check_description, "curly “quotes”", "ValidationError"),
        (limits.check_session_duration, 3599, "ValidationError"),
        (limits.check_session_duration, 43201, "ValidationError"),
        (limits.check_tags, {f"key-{i}": "" for i in range(51)}, "LimitExceeded"),
        (limits.check_tags, {"Team": "a", "team": "b"}, "InvalidInput"),
        (limits.check_tags, {"k" * 129: ""}, "ValidationError"),
        (limits.check_tags, {"": "value"}, "ValidationError"),
        (limits.check_tags, {"key": "v" * 257}, "ValidationError"),
        (limits.check_tags, {"key": "a;b"}, "ValidationError"),
        (limits.check_tags, {"aws:team": "a"}, "InvalidInput"),
        (limits.check_issuer, "http://example.com", "ValidationError"),
        (limits.check_issuer, "example.com", "ValidationError"),
        (limits.check_client_ids, ["x"] * 101, "LimitExceeded"),
        (limits.check_client_ids, [""], "ValidationError"),
        (limits.check_thumbprints, ["f" * 39], "ValidationError"),
        (limits.check_thumbprints, ["f" * 40] * 6, "InvalidInput"),
    ],
)
def test_beyond_the_limit_is_refused(check: Callable[[Any], None], value: Any, code: str) -> None:
    """A value beyond the limit is refused with AWS's code."""
    with pytest.raises(RefusedError) as refused:
        check(value)
    assert refused.value.code == code
