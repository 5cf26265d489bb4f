"""Events of CloudTrail in every form, and what they do not tell."""

import io
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.config.problems import ConfigurationError, Problem
from operations.commands.explain.asked import Asked
from operations.commands.explain.given.cloudtrail import Event, read_events
from operations.commands.explain.iam.request import CLAIMS

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


@pytest.mark.parametrize(
    ("subject", "none"),
    [
        ("repo:a/b:ref:refs/heads/x", True),
        ("repo:a@1/b@2:pull_request", True),
        ("repo:a/b:environment:dev", False),
        ("repo:a/b:actor:c", False),
        ("repository_id:7:pull_request", False),
        ("", False),
    ],
)
def test_a_subject_may_name_no_environment(subject: str, *, none: bool) -> None:
    """GitHub's default subject of such a job has the ref or the pull request in its place."""
    assert replace(READ, subject=subject).names_no_environment is none


def test_the_audience_is_in_the_principals_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """The id is provider, audience and subject; an id of another form tells no audience."""
    for id_, audience in (
        (f"{PROVIDER}:sts.amazonaws.com:repo:a/b", "sts.amazonaws.com"),
        (f"{PROVIDER}:x:repo:a/b", "x"),
        (f"{PROVIDER}::repo:a/b", ""),
        (f"{PROVIDER}:repo:a/b", ""),
        (f"{PROVIDER}:sts.amazonaws.com:repo:a/c", ""),
        ("x:sts.amazonaws.com:repo:a/b", ""),
        ("repo:a/b", ""),
        (None, ""),
    ):
        (found,) = events(event("repo:a/b", principalId=id_), monkeypatch)
        assert found.audience == audience, id_


REFUSED: dict[str, Any] = {
    "eventName": "AssumeRoleWithWebIdentity",
    "eventTime": "2026-11-01T12:00:00Z",
    "userIdentity": {
        "type": "WebIdentityUser",
        "principalId": f"{PROVIDER}:sts.amazonaws.com:repo:a/b:ref:refs/heads/x",
        "userName": "repo:a/b:ref:refs/heads/x",
        "identityProvider": PROVIDER,
    },
    "requestParameters": {
        "roleArn": "arn:aws:iam::111111111111:role/r",
        "roleSessionName": "GitHubActions",
        "durationSeconds": 3600,
    },
    "responseElements": None,
    "errorCode": "AccessDenied",
    "errorMessage": "Not authorized",
}
READ = Event(
    when="2026-11-01T12:00:00Z",
    subject="repo:a/b:ref:refs/heads/x",
    provider=PROVIDER,
    audience="sts.amazonaws.com",
    role="arn:aws:iam::111111111111:role/r",
    session_name="GitHubActions",
    seconds="3600",
    code="AccessDenied",
    message="Not authorized",
)
EMPTY = dict.fromkeys(
    ("subject", "provider", "audience", "role", "session_name", "seconds", "code", "message"), ""
)


@pytest.mark.parametrize(
    "content",
    [
        REFUSED,
        [REFUSED],
        {"Records": [{"eventName": "GetRole"}, REFUSED], "Events": "none"},
        {"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(REFUSED)}, 7]},
    ],
    ids=["an event", "a list", "a file of CloudTrail's", "the AWS CLI's"],
)
def test_an_event_is_read_in_every_form(content: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """CloudTrail's file, the AWS CLI's list of texts, and single events have the same members."""
    assert events(content, monkeypatch) == [READ]


def test_an_answer_tells_what_the_identity_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A success has no error; members that are missing, null or of another form are empty."""
    name = {"eventName": "AssumeRoleWithWebIdentity"}
    answer = {"subjectFromWebIdentityToken": "s", "provider": "p", "audience": "a"}
    (told,) = events(name | {"responseElements": answer}, monkeypatch)
    assert told == Event(when="", **EMPTY | {"subject": "s", "provider": "p", "audience": "a"})
    for part in ({}, None, "text", dict.fromkeys(("userName", "roleArn", "durationSeconds"))):
        members = ("userIdentity", "requestParameters", "responseElements")
        (told,) = events(name | dict.fromkeys(members, part), monkeypatch)
        assert told == Event(when="", **EMPTY)


def test_the_request_follows_from_the_event() -> None:
    """What the event does not tell is not known."""
    told = {"repository": "a/b", "sub": "repo:a/b:ref:refs/heads/x", "aud": "sts.amazonaws.com"}
    assert READ.asked == Asked(
        claims={**dict.fromkeys(CLAIMS), **told},
        audiences=["sts.amazonaws.com"],
        role="arn:aws:iam::111111111111:role/r",
        session_name="GitHubActions",
        seconds="3600",
        outcome={
            "when": "2026-11-01T12:00:00Z",
            "code": "AccessDenied",
            "message": "Not authorized",
        },
    )
    unknown = Event(when="", **EMPTY).asked
    assert (unknown.audiences, unknown.session_name, unknown.seconds) == ([], None, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "has no event of CloudTrail: it is no JSON"),
        (json.dumps({"CloudTrailEvent": "x"}), "has no event of CloudTrail: it is no JSON"),
        (
            "[]",
            "has no event named AssumeRoleWithWebIdentity: give one as CloudTrail writes it",
        ),
    ],
)
def test_a_file_without_an_event_is_a_problem(
    text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option and the file are named."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    for name, why in (("-", said), (".", "cannot be read: Is a directory")):
        with pytest.raises(ConfigurationError) as refused:
            read_events(name)
        assert refused.value.problems == (Problem("--cloudtrail", 0, "", f"{name} {why}"),)


def test_other_events_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest event comes first; events of other calls do not count."""
    older, newer = ({**event("repo:a/b"), "eventTime": when} for when in ("2026-01", "2026-02"))
    found = events([older, {"eventName": "GetRole"}, newer], monkeypatch)
    assert [one.when for one in found] == ["2026-02", "2026-01"]


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
