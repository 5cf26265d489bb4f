"""Events of CloudTrail in every form, and what they do not tell."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.config.problems import ConfigurationError
from operations.commands.explain.given.cloudtrail import Event, read_events

PROVIDER = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"


def events(content: Any, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events in a content."""
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(content)))
    return read_events("-")


def event(subject: str, **who: Any) -> dict[str, Any]:
    """An event with this subject."""
    identity = {"type": "WebIdentityUser", "userName": subject, "identityProvider": PROVIDER} | who
    return {"eventName": "AssumeRoleWithWebIdentity", "userIdentity": identity}


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        (
            "repo:acme/billing:environment:prod",
            {"repository": "acme/billing", "environment": "prod"},
        ),
        (
            "repo:acme@1/billing@2:environment:a%3Ab",
            {
                "repository": "acme/billing",
                "repository_owner_id": "1",
                "repository_id": "2",
                "environment": "a:b",
            },
        ),
        ("repo:acme/billing:ref:refs/heads/main", {"repository": "acme/billing"}),
        ("repo:acme/billing:pull_request", {"repository": "acme/billing"}),
        ("repository_owner:acme", {}),
        ("", {}),
    ],
)
def test_the_subject_tells_some_claims(
    subject: str, told: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claims in the subject are known; every other claim is unknown, not absent."""
    (found,) = events(event(subject), monkeypatch)
    assert found.told == told
    claims = found.asked.claims
    assert {name: value for name, value in claims.items() if value and name != "sub"} == told
    assert claims["ref"] is claims["actor"] is claims["aud"] is None


def test_the_audience_is_in_the_principals_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """The id is provider, audience and subject; an id of another form tells no audience."""
    for id_, audience in (
        (f"{PROVIDER}:sts.amazonaws.com:repo:a/b", "sts.amazonaws.com"),
        (f"{PROVIDER}:repo:a/b", ""),
        ("repo:a/b", ""),
        (None, ""),
    ):
        (found,) = events(event("repo:a/b", principalId=id_), monkeypatch)
        assert found.audience == audience, id_


def test_other_events_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest event comes first; events of other calls do not count."""
    older, newer = ({**event("repo:a/b"), "eventTime": when} for when in ("2026-01", "2026-02"))
    found = events([older, {"eventName": "GetRole"}, newer], monkeypatch)
    assert [one.when for one in found] == ["2026-02", "2026-01"]
    with pytest.raises(ConfigurationError, match="no event named AssumeRoleWithWebIdentity"):
        events({"Records": [{"eventName": "GetRole"}]}, monkeypatch)


_KEYS = st.sampled_from(
    ["eventName", "userIdentity", "requestParameters", "Records", "Events", "CloudTrailEvent"]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.text(max_size=40) | _JSON.map(json.dumps))
def test_any_text_is_events_or_a_problem(text: str) -> None:
    """No content makes another error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(text))
        with suppress(ConfigurationError):
            assert read_events("-")
