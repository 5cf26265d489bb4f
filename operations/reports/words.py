"""The words of one finding, for everything that people read line by line."""

from typing import Final

from components.config.sanitize import visible
from operations.diff.finding import Finding
from operations.guard.consent import repaired_by
from operations.terminal.shorten import pair

#: Values are shown up to here; JSON has them whole.
_WIDTH: Final = 200


def words(finding: Finding) -> tuple[str, str]:
    """What differs and who repairs it; from what to what."""
    return f"{what(finding)} [{repaired_by(finding)}]", values(finding)


def what(finding: Finding) -> str:
    """The place, such as `environment prod: reviewers`."""
    place = f"{finding.object}: {finding.field}" if finding.field else finding.object
    return visible(str(place))


def values(finding: Finding) -> str:
    """From what to what, such as `team platform -> nothing`."""
    return " -> ".join(pair(finding.declared, finding.live, _WIDTH))
