"""A reason against a plan, its identifier, and a person's consent to some reasons.

An identifier is a digest of the stack, of the reason's text and of everything in the plan that the
reason is about. So consent to a reason that one run has listed holds in a later run only if that
run's plan has the same reason; with other values, other objects or in another stack it is unknown
and refused. Deliberately absent: whether the plan itself is still the judged one (`judged`).
"""

import hashlib
import json
import re
from argparse import ArgumentTypeError
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

#: The word for all reasons of the run, whatever they are.
ALL: Final = "all"
#: Hexadecimal digits: 48 bits: two reasons of one stack do not share them by chance.
_DIGITS: Final = 12
_IDENTIFIER: Final = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")


@dataclass(frozen=True)
class Reason:
    """Why a plan needs consent."""

    stack: str
    """Name of the stack."""
    text: str
    """The reason for people, one line without control characters."""
    bound: tuple[str, ...] = ()
    """What the text does not say in full, such as the declared properties of the object."""

    @property
    def identifier(self) -> str:
        """Twelve hexadecimal digits, the same in each run whose plan has this very reason."""
        content = json.dumps([self.stack, self.text, *self.bound])
        return hashlib.sha256(content.encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class Verdict:
    """The reasons of a plan beside a person's consent."""

    reasons: Sequence[Reason]
    """All reasons."""
    accepted: frozenset[str]
    """Identifiers of the reasons that the consent is about."""
    unknown: Sequence[str]
    """Identifiers of the consent that no reason has."""

    @property
    def consented(self) -> bool:
        """True if every reason is accepted and nothing else was."""
        return not self.unknown and all(one.identifier in self.accepted for one in self.reasons)

    def lines(self) -> Iterator[str]:
        """A line for each reason, marked if it is accepted, and one for each unknown identifier."""
        for one in self.reasons:
            mark = "accepted " if one.identifier in self.accepted else ""
            yield f"  {mark}{one.identifier}  {one.text}"
        for identifier in self.unknown:
            yield f"  {identifier} is no reason of this plan"

    @property
    def advice(self) -> str:
        """How to say consent to this plan."""
        if not self.reasons:
            return "the plan needs no consent, leave --accept out"
        return f"if all of this is meant, say --accept {joined(self.reasons)}"


@dataclass(frozen=True)
class Consent:
    """The reasons to which a person has agreed."""

    everything: bool = False
    """Whether each reason of the run is accepted."""
    identifiers: tuple[str, ...] = ()
    """Identifiers of accepted reasons, each once."""

    def judged(self, reasons: Sequence[Reason]) -> Verdict:
        """The reasons beside this consent."""
        known = {one.identifier for one in reasons}
        accepted = known if self.everything else known.intersection(self.identifiers)
        unknown = [one for one in self.identifiers if one not in known]
        return Verdict(reasons, frozenset(accepted), unknown)

    def covers(self, reasons: Sequence[Reason]) -> bool:
        """Whether each of these reasons, which need not be the plan's only ones, is accepted."""
        return self.everything or all(one.identifier in self.identifiers for one in reasons)


NO_CONSENT: Final = Consent()


def joined(reasons: Sequence[Reason]) -> str:
    """The value of `--accept` for all of these reasons."""
    return ",".join(dict.fromkeys(one.identifier for one in reasons))


def consent(values: Sequence[str]) -> Consent:
    """The consent of all values of `--accept`."""
    given = [one for value in values for one in value.split(",")]
    return Consent(ALL in given, tuple(dict.fromkeys(one for one in given if one != ALL)))


def accepted_value(value: str) -> str:
    """One value of `--accept`: identifiers with commas between them, or `all`.

    Raises:
        ArgumentTypeError: it is something else, such as a stack's name that follows the option.
    """
    for one in value.split(","):
        if one != ALL and not _IDENTIFIER.fullmatch(one):
            raise ArgumentTypeError(
                f"{one!r} is no reason's identifier, such as 3f2a91c04be7, and not `{ALL}`; the "
                "stack comes before the option"
            )
    return value
