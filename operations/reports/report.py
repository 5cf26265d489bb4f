"""What one look at one stack came to: the shape that every report is made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final

from components.objects.kind import Kind
from operations.diff.finding import Direction, Finding

_ORDER: Final = list(Direction)
#: What Pulumi would delete; its repair is a loss.
UNDECLARED: Final = "plan/delete"
#: Stands for all objects of a repository that is not declared any more.
_UNDECLARED: Final = Kind("no longer declared")
#: What nobody declares either, and stays.
_FORGOTTEN: Final = "plan/forget"


@dataclass(frozen=True)
class StackReport:
    """The findings of one stack at one time."""

    stack: str
    """Name of the stack."""
    owner: str
    """Who owns its repositories; empty where its declaration cannot be read."""
    repositories: int
    """How many are declared."""
    findings: tuple[Finding, ...]
    """Every difference, sorted."""
    incomplete: tuple[str, ...]
    """Why a part could not be looked at, a text each; empty: everything was."""
    when: datetime
    """When the look ended (UTC)."""
    declared: frozenset[str] = frozenset()
    """Names of the declared repositories."""
    blind: bool = False
    """Whether nobody could look, so that nothing at all is known."""

    @property
    def weaker(self) -> int:
        """How many findings make something weaker than declared."""
        return sum(finding.direction is Direction.WEAKER for finding in self.findings)

    @property
    def differing(self) -> int:
        """How many repositories have a finding."""
        return len({finding.repository for finding in self.findings if finding.repository})

    @property
    def total(self) -> int:
        """How many repositories there are: the declared ones, and those that were."""
        gone = {one.repository for one in self.findings if one.rule in (UNDECLARED, _FORGOTTEN)}
        return self.repositories + len(gone - self.declared - {""})

    def by_repository(self) -> Iterator[tuple[str, Sequence[Finding]]]:
        """Findings by repository, the weakest first: repositories, and findings in each."""

        def repository(finding: Finding) -> str:
            return finding.repository

        groups = [
            (name, sorted(found, key=lambda one: (_ORDER.index(one.direction), one)))
            for name, found in groupby(sorted(self.findings), repository)
        ]
        yield from sorted(groups, key=lambda group: (_ORDER.index(group[1][0].direction), group[0]))

    def rows(self, findings: Sequence[Finding]) -> Iterator[tuple[Finding, int]]:
        """What a table for people has of one repository, and how many findings each row stands for.

        All that `up` would delete of a repository that nobody declares any more is one row.
        """
        gone = [one for one in findings if one.rule == UNDECLARED and self._undeclared(one)]
        for finding in findings:
            if finding not in gone:
                yield finding, 1
        if len(gone) == 1:
            yield gone[0], 1
        elif gone:
            names = "; ".join(str(finding.object) for finding in gone)
            live = f"{len(gone)} objects: {names}"
            yield replace(gone[0], object=_UNDECLARED.at(), field="", live=live), len(gone)

    def _undeclared(self, finding: Finding) -> bool:
        return bool(finding.repository) and finding.repository not in self.declared

    def title(self, repository: str) -> str:
        """`OWNER/REPOSITORY`; `accounts` for what belongs to no repository."""
        return f"{self.owner}/{repository}" if repository else "accounts"

    def summary(self) -> str:
        """The whole in one line."""
        count = counted(self.repositories, "repository", "repositories")
        if self.blind:
            of = f" of {count}" if self.owner else ""
            return f"{self.stack}: nothing is known{of}"
        if not self.findings:
            unknown = ", as far as could be seen" if self.incomplete else ""
            return f"{self.stack}: {count} as declared{unknown}"
        findings = counted(len(self.findings), "finding", "findings")
        count = counted(self.total, "repository", "repositories")
        return (
            f"{self.stack}: {findings} in {self.differing} of {count}, "
            f"{self.weaker} weaker than declared"
        )


def counted(number: int, one: str, many: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {one if number == 1 else many}"
