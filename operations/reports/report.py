"""The result of one comparison of a stack, from which every form of the report is made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from components.model.github_host import GITHUB_COM, GitHubHost
from components.objects.kind import Kind, Place
from components.objects.kinds import REPOSITORY
from operations.diff.finding import Direction, Finding
from operations.terminal.lists import counted

_ORDER: Final = list(Direction)
#: The rule for objects that Pulumi would delete: repairing them is a loss.
UNDECLARED: Final = "plan/delete"
#: The longest diff that a terminal and Markdown show without being asked.
SHORT_DIFF: Final = 40
#: Stands for all objects of a repository that is not declared any more.
_UNDECLARED: Final = Kind("no longer declared")
#: The rule for archived repositories that are no longer declared, and stay.
_FORGOTTEN: Final = "plan/forget"


@dataclass(frozen=True)
class StackReport:
    """The findings of one stack at one time."""

    stack: str
    """Name of the stack."""
    owner: str
    """The owner of its repositories; empty if its declaration cannot be read."""
    repositories: int
    """The number of declared repositories."""
    findings: tuple[Finding, ...]
    """Every difference, sorted."""
    incomplete: tuple[str, ...]
    """A reason for each part that could not be compared; empty if everything was."""
    when: datetime
    """When the comparison ended (UTC)."""
    declared: frozenset[str] = frozenset()
    """Names of the declared repositories."""
    github: GitHubHost = GITHUB_COM
    """Where GitHub is."""
    blind: bool = False
    """True if neither the live world nor the plan could be read, so that nothing is known."""
    links: Mapping[tuple[Place, str], str] = field(default_factory=dict)
    """Addresses of findings' pages on GitHub or AWS, by place and field."""
    whole: bool = False
    """True if diffs of workflow files are shown at any length."""

    @property
    def weaker(self) -> int:
        """The number of findings by which something is weaker than declared."""
        return sum(finding.direction is Direction.WEAKER for finding in self.findings)

    @property
    def differing(self) -> int:
        """The number of repositories that have a finding."""
        return len({finding.repository for finding in self.findings if finding.repository})

    @property
    def total(self) -> int:
        """The number of repositories: those declared, and those that Pulumi still knows."""
        gone = {one.repository for one in self.findings if one.rule in (UNDECLARED, _FORGOTTEN)}
        return self.repositories + len(gone - self.declared - {""})

    def by_repository(self) -> Iterator[tuple[str, Sequence[Finding]]]:
        """Findings by repository; repositories and their findings are sorted, the weakest first."""
        groups = [
            (name, sorted(found, key=lambda one: (_ORDER.index(one.direction), one)))
            for name, found in groupby(sorted(self.findings), attrgetter("repository"))
        ]
        yield from sorted(groups, key=lambda group: (_ORDER.index(group[1][0].direction), group[0]))

    def rows(self, findings: Sequence[Finding]) -> Iterator[tuple[Finding, int]]:
        """The rows of one repository's table, and the number of findings that each row stands for.

        If a repository is no longer declared, one row names all objects that `up` would delete.
        """
        kept = {*self.declared, ""}
        gone = [o for o in findings if o.rule == UNDECLARED and o.repository not in kept]
        for finding in findings:
            if finding not in gone:
                yield finding, 1
        if len(gone) == 1:
            yield gone[0], 1
        elif gone:
            names = "; ".join(str(finding.object) for finding in gone)
            live = f"{len(gone)} objects: {names}"
            yield replace(gone[0], object=_UNDECLARED.at(), field="", live=live), len(gone)

    def diff(self, finding: Finding) -> tuple[str, ...]:
        """The lines of a diff for a terminal and for Markdown; a long one is replaced by a hint."""
        if self.whole or len(finding.diff) <= SHORT_DIFF:
            return finding.diff
        return (f"{len(finding.diff)} lines of diff: slipway drift {self.stack} --diff",)

    def link(self, finding: Finding) -> str:
        """The page of a row's object on GitHub or AWS; empty if there is none."""
        place, whole = finding.place, finding.object.kind is _UNDECLARED
        if whole:
            place = finding.repository, REPOSITORY.at()
        return self.links.get((place, "" if whole else finding.field), "")

    def title(self, repository: str) -> str:
        """`OWNER/REPOSITORY`; `accounts` for findings that belong to no repository."""
        return f"{self.owner}/{repository}" if repository else "accounts"

    def summary(self) -> str:
        """The result in one line."""
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
