"""Read CloudTrail's event of an AssumeRoleWithWebIdentity, refused or not.

AWS CloudTrail User Guide: record contents, userIdentity; IAM User Guide: logging IAM and STS calls.
An event has the subject, the provider and the role. It has no other claims: what the subject does
not tell is not known.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.commands.explain.asked import Asked, Claims
from operations.commands.explain.given.source import problem, read_given
from operations.commands.explain.iam.request import CLAIMS

OPTION: Final = "--cloudtrail"
_NAME: Final = "AssumeRoleWithWebIdentity"
#: Members of an answer that have a list of events: a file of CloudTrail's, and the AWS CLI's.
_LISTS: Final = ("Records", "Events")
_ID: Final = r"(?:@(?P<{}_id>\d+))?"
_SUBJECT: Final = re.compile(
    rf"repo:(?P<owner>[^/@:]+){_ID.format('owner')}/(?P<name>[^/@:]+){_ID.format('name')}"
    r"(?::environment:(?P<environment>[^:]*))?(?::.*)?"
)

#: The default subject of a job without an environment (docs.github.com: OpenID Connect reference).
_NO_ENVIRONMENT: Final = re.compile(r"repo:[^/:]+/[^/:]+:(?:ref:.*|pull_request)")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event."""

    when: str
    subject: str
    provider: str
    """The provider's ARN, or its URL."""
    audience: str
    """Empty if the event does not tell it."""
    role: str
    session_name: str
    seconds: str
    code: str
    """The error's code; empty if AWS gave credentials."""
    message: str

    @property
    def told(self) -> Mapping[str, str]:
        """The claims that the subject tells."""
        found = _SUBJECT.fullmatch(self.subject)
        if found is None:
            return {}
        told = {
            "repository": f"{found['owner']}/{found['name']}",
            "repository_owner_id": found["owner_id"],
            "repository_id": found["name_id"],
            "environment": (found["environment"] or "").replace("%3A", ":"),
        }
        return {name: value for name, value in told.items() if value}

    @property
    def names_no_environment(self) -> bool:
        """Whether the subject has GitHub's context of a job without an environment."""
        return _NO_ENVIRONMENT.fullmatch(self.subject) is not None

    @property
    def asked(self) -> Asked:
        """The job's request to STS."""
        claims: Claims = {**dict.fromkeys(CLAIMS), **self.told, "sub": self.subject}
        audience = {"aud": self.audience or None}
        return Asked(
            claims={**claims, **audience},
            audiences=[self.audience] if self.audience else [],
            role=self.role,
            session_name=self.session_name or None,
            seconds=self.seconds,
            outcome={"when": self.when, "code": self.code, "message": self.message},
        )


def read_events(name: str) -> list[Event]:
    """The events in a file, or in standard input for `-`, newest first.

    Raises:
        ConfigurationError: it cannot be read, or has no event of an AssumeRoleWithWebIdentity.
    """
    try:
        content = json.loads(read_given(OPTION, name))
        found = [_event(one) for one in _flat(content) if one.get("eventName") == _NAME]
    except (ValueError, RecursionError):
        raise problem(OPTION, f"{name} has no event of CloudTrail: it is no JSON") from None
    if not found:
        text = f"{name} has no event named {_NAME}: give one as CloudTrail writes it"
        raise problem(OPTION, text)
    return sorted(found, key=lambda one: one.when, reverse=True)


def _flat(content: Any) -> Iterator[Mapping[str, Any]]:
    """Each event, also out of lists, and as the text that the AWS CLI prints."""
    if isinstance(content, list):
        for one in content:
            yield from _flat(one)
    elif isinstance(content, Mapping):
        lists = [content[name] for name in _LISTS if isinstance(content.get(name), list)]
        inner = content.get("CloudTrailEvent")
        if lists:
            yield from _flat(lists)
        elif isinstance(inner, str):
            yield from _flat(json.loads(inner))
        else:
            yield content


def _event(given: Mapping[str, Any]) -> Event:
    who, request = (_members(given, name) for name in ("userIdentity", "requestParameters"))
    answer = _members(given, "responseElements")
    subject = str(who.get("userName") or answer.get("subjectFromWebIdentityToken") or "")
    provider = str(who.get("identityProvider") or answer.get("provider") or "")
    return Event(
        when=str(given.get("eventTime", "")),
        subject=subject,
        provider=provider,
        audience=str(answer.get("audience") or _audience(who, provider, subject)),
        role=str(request.get("roleArn") or ""),
        session_name=str(request.get("roleSessionName") or ""),
        seconds=str(request.get("durationSeconds") or ""),
        code=str(given.get("errorCode") or ""),
        message=str(given.get("errorMessage") or ""),
    )


def _members(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = given.get(name)
    return found if isinstance(found, Mapping) else {}


def _audience(who: Mapping[str, Any], provider: str, subject: str) -> str:
    """The audience, which a principal's id has between the provider and the subject."""
    id_ = str(who.get("principalId"))
    before, after = f"{provider}:", f":{subject}"
    both = id_.startswith(before) and id_.endswith(after) and provider and subject
    return id_[len(before) : -len(after)] if both else ""
