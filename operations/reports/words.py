"""Put a finding, or a part that could not be read, into words for reports that list lines."""

from typing import Final

from components.config.sanitize import visible
from operations.diff.finding import Finding
from operations.guard.consent import repaired_by
from operations.live.observed import Observed
from operations.terminal.reason import once
from operations.terminal.shorten import pair

#: The longest value that is shown in full; JSON has all values in full.
WIDTH: Final = 200
_TRUST_WIDTH: Final = 1000


def words(finding: Finding) -> tuple[str, str]:
    """The place with the repair, and both values with their names: `declared 10 -> live 0`."""
    declared, live = shown(finding)
    return f"{what(finding)} [{repaired_by(finding)}]", f"declared {declared} -> live {live}"


def what(finding: Finding) -> str:
    """The place, such as `environment prod: reviewers`."""
    place = f"{finding.object}: {finding.field}" if finding.field else finding.object
    return visible(str(place))


def values(finding: Finding) -> str:
    """The declared and the live value, such as `team platform -> nothing`."""
    return " -> ".join(shown(finding))


def shown(finding: Finding) -> tuple[str, str]:
    """The declared and the live value, shortened; a trust is shown in full.

    A part of a trust's conditions can be misread.
    """
    width = _TRUST_WIDTH if finding.field == "trust" else WIDTH
    return pair(finding.declared, finding.live, width)


def site(url: str) -> str:
    """The text of a link: where it leads to."""
    return "AWS" if "/iam/home#/" in url else "GitHub"


def accounts_left_out(observed: Observed) -> list[str]:
    """A line for each AWS account whose roles could not be read."""
    return [
        f"roles in AWS account {account_id} were not looked at: {once(why)}"
        for account_id, why in observed.unseen.items()
    ]
