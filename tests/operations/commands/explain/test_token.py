"""A token is a credential: it is read, and no part of it comes out anywhere."""

import base64
import io
import json
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.config.problems import ConfigurationError, Problem
from operations.commands.explain.asked import Asked, Times
from operations.commands.explain.given.token import asked_with, job_of, read_claims
from tests.sandbox.aws.documents import GITHUB

MARKER = "MARKER5ecretMARKER"
CLAIMS = {
    "iss": f"https://{GITHUB}",
    "sub": "repo:acme/billing:environment:dev",
    "aud": "sts.amazonaws.com",
    "event_name": "push",
    "ref": "refs/heads/develop",
    "workflow_ref": "acme/billing/.github/workflows/python-dev.yml@refs/heads/develop",
    "repository_id": 41,
    "nbf": 1,
    "exp": 2,
    "jti": MARKER,
}


def part(content: Any) -> str:
    """A part of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def token(claims: Any, signature: str = MARKER) -> str:
    """A token with these claims."""
    return f"{part({'alg': 'RS256'})}.{part(claims)}.{signature}"


def test_claims_are_read_from_a_file_and_from_stdin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have the same claims, with or without a line break at the end."""
    file = tmp_path / "token"
    file.write_text(f"{token(CLAIMS)}\n", encoding="utf-8")
    assert read_claims(str(file)) == CLAIMS
    monkeypatch.setattr("sys.stdin", io.StringIO(token(CLAIMS)))
    assert read_claims("-") == CLAIMS


@pytest.mark.parametrize("text", ["?>?", "~", "?>", "ab~?"])
def test_the_payload_is_in_the_alphabet_of_urls(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 7515: base64url, in which `-` and `_` replace two signs, without padding."""
    monkeypatch.setattr("sys.stdin", io.StringIO(token({"a": text})))
    assert read_claims("-") == {"a": text}


def test_the_job_and_the_request_follow_from_the_claims() -> None:
    """Event, ref and file are the job's; claims are texts; an audience may be a list."""
    job = job_of(CLAIMS)
    assert (job.event, job.ref) == ("push", "refs/heads/develop")
    assert job.path == ".github/workflows/python-dev.yml"
    branch = CLAIMS | {"workflow_ref": "acme/billing/a/b.yml@refs/heads/x@y"}
    assert job_of(branch).path == "a/b.yml"
    asked = asked_with(CLAIMS | {"aud": ["a", "", "b"], "rate": 1.5, "no": None, "flag": True})
    texts = {name: str(value) for name, value in CLAIMS.items() if name != "aud"}
    assert asked == Asked(
        claims={**texts, "rate": "1.5"},
        audiences=["a", "b"],
        issuer=f"https://{GITHUB}",
        times=Times(begins=1, ends=2),
    )
    assert asked_with({"aud": "a", "exp": "soon"}) == Asked(
        claims={"aud": "a", "exp": "soon"}, audiences=["a"], times=Times(begins=None, ends=None)
    )
    assert asked_with({}).audiences == []


PARTS = "has no id-token: expected three parts joined by dots"
OBJECT = "has no id-token: its second part is no JSON object"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MARKER, PARTS),
        (f"{MARKER}.{MARKER}", PARTS),
        (f"{MARKER}.{MARKER}.{MARKER}.{MARKER}", PARTS),
        (f"{MARKER}.{MARKER}.{MARKER}", OBJECT),
        (token([MARKER]), OBJECT),
        (token(MARKER), OBJECT),
        (f"a.{base64.urlsafe_b64encode(b'{' + MARKER.encode()).decode()}.b", OBJECT),
        (f"a.!{part({'a': 11})}.b", OBJECT),
        (f"a.{MARKER}\udc80.b", "is no text"),
    ],
)
def test_an_error_has_no_part_of_what_was_given(text: str, said: str, tmp_path: Path) -> None:
    """A broken token is refused; neither the message nor the whole traceback quotes it."""
    file = tmp_path / "token"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigurationError) as refused:
        read_claims(str(file))
    assert refused.value.problems == (Problem("--token", 0, "", f"{file} {said}"),)
    whole = "".join(traceback.format_exception(refused.value))
    for piece in filter(None, text.replace("\udc80", "").split(".")):
        assert piece in {"a", "b"} or piece not in whole
    assert MARKER not in whole


@given(st.text(max_size=60))
def test_any_text_is_a_token_or_a_problem(text: str) -> None:
    """No text makes another error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(text))
        with suppress(ConfigurationError):
            read_claims("-")


def test_the_request_does_not_show_its_claims() -> None:
    """The representation of what is asked, which a debugger or a log has, shows no claim."""
    assert MARKER not in repr(asked_with(CLAIMS))


@pytest.mark.parametrize("missing", ["event_name", "ref", "workflow_ref"])
@pytest.mark.parametrize("value", [None, "", 7])
def test_a_token_without_the_claims_of_a_job_is_a_problem(missing: str, value: object) -> None:
    """A token of another issuer has no event: it is said, without its claims."""
    with pytest.raises(ConfigurationError) as refused:
        job_of(CLAIMS | {"event_name": MARKER, "ref": MARKER, missing: value})
    text = "it has not all of event_name, ref, workflow_ref: it is no token of a job of GitHub"
    assert refused.value.problems == (Problem("--token", 0, "", text),)
