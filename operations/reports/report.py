"""What one look at one stack came to: the shape that every report is made from."""

from dataclasses import dataclass
from datetime import datetime

from operations.drifting.finding import Direction, Finding


@dataclass(frozen=True)
class StackReport:
    """The findings of one stack at one time."""

    stack: str
    """Name of the stack."""
    owner: str
    """Who owns its repositories."""
    repositories: int
    """How many were looked at."""
    findings: tuple[Finding, ...]
    """Every difference, sorted."""
    incomplete: tuple[str, ...]
    """Why a part could not be looked at, a text each; empty: everything was."""
    when: datetime
    """When the look ended (UTC)."""

    @property
    def weaker(self) -> int:
        """How many findings make something weaker than declared."""
        return sum(finding.direction is Direction.WEAKER for finding in self.findings)

    @property
    def differing(self) -> int:
        """How many repositories have a finding."""
        return len({finding.repository for finding in self.findings if finding.repository})

    def summary(self) -> str:
        """The whole in one line."""
        count = _counted(self.repositories, "repository", "repositories")
        if not self.findings:
            unknown = ", as far as could be seen" if self.incomplete else ""
            return f"{self.stack}: {count} as declared{unknown}"
        findings = _counted(len(self.findings), "finding", "findings")
        return (
            f"{self.stack}: {findings} in {self.differing} of {count}, "
            f"{self.weaker} weaker than declared"
        )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
