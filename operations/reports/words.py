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


def words(finding: Finding) -> tuple[str, str]:
    """The place with the repair, and both values."""
    return f"{what(finding)} [{repaired_by(finding)}]", values(finding)


def what(finding: Finding) -> str:
    """The place, such as `environment prod: reviewers`."""
    place = f"{finding.object}: {finding.field}" if finding.field else finding.object
    return visible(str(place))


def values(finding: Finding) -> str:
    """The declared and the live value, such as `team platform -> nothing`."""
    return " -> ".join(pair(finding.declared, finding.live, WIDTH))


def site(url: str) -> str:
    """The text of a link: where it leads to."""
    return "AWS" if "/iam/home#/" in url else "GitHub"


def accounts_left_out(observed: Observed) -> list[str]:
    """A line for each AWS account whose roles could not be read."""
    return [
        f"roles in AWS account {account_id} were not looked at: {once(why)}"
        for account_id, why in observed.unseen.items()
    ]
