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

from components.config.problems import ConfigurationError
from operations.commands.explain.given.token import asked_with, job_of, read_claims

MARKER = "MARKER5ecretMARKER"
CLAIMS = {
    "iss": "https://token.actions.githubusercontent.com",
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


def test_the_job_and_the_request_follow_from_the_claims() -> None:
    """Event, ref and file are the job's; claims are texts; an audience may be a list."""
    job = job_of(CLAIMS)
    assert (job.event, job.ref) == ("push", "refs/heads/develop")
    assert job.path == ".github/workflows/python-dev.yml"
    asked = asked_with(CLAIMS | {"aud": ["a", "b"]})
    assert asked.audiences == ["a", "b"]
    assert asked.claims["repository_id"] == "41"
    assert asked.times is not None
    assert (asked.times.begins, asked.times.ends) == (1, 2)


@pytest.mark.parametrize(
    "text",
    [
        MARKER,
        f"{MARKER}.{MARKER}",
        f"{MARKER}.{MARKER}.{MARKER}.{MARKER}",
        f"{MARKER}.{MARKER}.{MARKER}",
        token([MARKER]),
        token(MARKER),
        f"a.{base64.urlsafe_b64encode(b'{' + MARKER.encode()).decode()}.b",
        f"a.{MARKER}\udc80.b",
    ],
)
def test_an_error_has_no_part_of_what_was_given(text: str, tmp_path: Path) -> None:
    """A broken token is refused; neither the message nor the whole traceback quotes it."""
    file = tmp_path / "token"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigurationError) as refused:
        read_claims(str(file))
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


def test_a_token_without_the_claims_of_a_job_is_a_problem() -> None:
    """A token of another issuer has no event: it is said, without its claims."""
    with pytest.raises(ConfigurationError) as refused:
        job_of({"iss": MARKER, "sub": MARKER})
    assert "no token of a job" in str(refused.value)
    assert MARKER not in str(refused.value)


@pytest.mark.parametrize("given_", [token(CLAIMS), f"{MARKER}.{MARKER}.{MARKER}"])
def test_a_token_in_place_of_a_file_is_not_quoted(given_: str) -> None:
    """A user who pastes the token as the argument is told so, without the token."""
    with pytest.raises(ConfigurationError) as refused:
        read_claims(given_)
    assert "give a file, or -" in str(refused.value)
    assert all(piece not in str(refused.value) for piece in given_.split("."))


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    """The message names the file and the reason."""
    with pytest.raises(ConfigurationError) as refused:
        read_claims(str(tmp_path / "none"))
    assert "cannot be read: No such file" in str(refused.value)
