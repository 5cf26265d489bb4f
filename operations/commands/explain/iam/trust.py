"""Judge a whole trust policy: every statement with its effect, principal, action and conditions.

IAM User Guide: "Policy evaluation logic". A request is allowed if an Allow applies and no Deny
does. Each part is judged, so that a report can show all of them. `NotPrincipal` cannot be judged.
Deliberately absent: the account's service control policies, which these credentials may not read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from operations.commands.explain.iam.conditions import Condition, conditions
from operations.commands.explain.iam.logic import Truth, both, either, opposite
from operations.commands.explain.iam.request import ACTION, Request
from operations.diff.iam.patterns import matches
from operations.diff.iam.statements import listed

_ALL: Final = "*"
_EFFECTS: Final = {"Allow", "Deny"}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a trust policy, as judged for a request."""

    number: int
    """From 1 on, in the document's order."""
    sid: str
    """Its own name, or empty."""
    effect: str
    principal: Truth
    """Whether it names the token's provider."""
    action: Truth
    """Whether it names AssumeRoleWithWebIdentity."""
    conditions: tuple[Condition, ...] = ()
    why: str = ""
    """Why a part cannot be judged, apart from the conditions' own reasons."""

    @property
    def applies(self) -> Truth:
        """Whether the whole statement counts for the request."""
        unreadable = None if self.why else True
        met = (one.met for one in self.conditions)
        return both((unreadable, self.principal, self.action, *met))


@dataclass(frozen=True)
class Trust:
    """A judged trust policy."""

    statements: tuple[Statement, ...]

    @property
    def allowed(self) -> Truth:
        """Whether the role opens; None: it cannot be said."""
        return both((self._one("Allow"), opposite(self._one("Deny"))))

    def applying(self, effect: Literal["Allow", "Deny"]) -> Iterator[Statement]:
        """The statements of an effect that count."""
        return (one for one in self.statements if one.effect == effect and one.applies)

    def _one(self, effect: str) -> Truth:
        """Whether a statement with this effect counts; one with an unknown effect may be it.

        A statement with an unknown effect never applies for certain.
        """
        others = _EFFECTS - {effect}
        return either(one.applies for one in self.statements if one.effect not in others)


def judge(document: Mapping[str, Any], request: Request) -> Trust:
    """Judge a trust policy document, whatever its shape is."""
    found = listed(document.get("Statement", []))
    return Trust(tuple(_statement(number, one, request) for number, one in enumerate(found, 1)))


def _statement(number: int, given: Any, request: Request) -> Statement:
    if not isinstance(given, Mapping):
        why = "it is no object"
        return Statement(number=number, sid="", effect="", principal=None, action=None, why=why)
    principal, why = _principal(given, request.provider)
    met: tuple[Condition, ...] = ()
    try:
        met = tuple(conditions(given.get("Condition", {}), request))
    except TypeError as error:
        why = str(error)
    effect = str(given.get("Effect", ""))
    if effect not in _EFFECTS:
        why = "its Effect is neither Allow nor Deny"
    return Statement(
        number=number,
        sid=str(given.get("Sid", "")),
        effect=effect,
        principal=principal,
        action=_action(given),
        conditions=met,
        why=why,
    )


def _principal(given: Mapping[str, Any], provider: str) -> tuple[Truth, str]:
    """Whether the principal is the provider. The ARN of a provider has no wildcards."""
    if "NotPrincipal" in given:
        return None, "NotPrincipal is not evaluated"
    named = given.get("Principal", {})
    if named == _ALL:
        return True, ""
    if not isinstance(named, Mapping):
        return None, "its Principal is no object"
    federated = listed(named.get("Federated", []))
    everybody = _ALL in federated or _ALL in listed(named.get("AWS", []))
    return everybody or provider in federated, ""


def _action(given: Mapping[str, Any]) -> Truth:
    """Whether the action is named; the names of actions ignore case and have wildcards."""
    inverted = "NotAction" in given
    names = given.get("NotAction" if inverted else "Action")
    if names is None:
        return None
    found = any(matches(str(one), ACTION, ignore_case=True) for one in listed(names))
    return found != inverted
