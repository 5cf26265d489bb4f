"""One question on the way from a job to its role, its answer, and the change that mends it.

Deliberately absent: how a step is shown (`forms`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from components.config.problems import Problem
from operations.commands.explain.iam.trust import Trust

GITHUB: Final = "GitHub"
AWS: Final = "AWS"


class Result(StrEnum):
    """How a step ended."""

    OK = "ok"
    NO = "no"
    """The job does not get past it."""
    UNKNOWN = "cannot be judged"
    NOTE = "note"
    """Something to know that stops no job by itself, such as an approval."""
    NOT_ASKED = "not asked"
    """Its question makes no sense after an earlier answer."""


class Verdict(StrEnum):
    """Whether the job gets the role."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "cannot be said"


@dataclass(frozen=True, kw_only=True)
class Mend:
    """The one change that mends a step, and where."""

    text: str
    """The change; commands are in backticks."""
    place: Problem | None = None
    """File, line and path of the declaration that has to be changed."""
    url: str = ""
    """The page of GitHub where it is done."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One question with its answer."""

    side: Literal["GitHub", "AWS"]
    name: str
    result: Result
    answer: str
    """One line."""
    expected: str = ""
    got: str = ""
    """The value that was found in place of the expected one."""
    mend: Mend | None = None
    trust: Trust | None = None
    """The judged trust policy, of that step alone."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """All steps of one job and one role, in the order in which they are asked."""

    stack: str
    repository: str
    """`OWNER/NAME` as declared."""
    environment: str
    role: str
    """ARN of the role, as declared."""
    job: str
    """The job in words."""
    source: str
    """Where the job's claims come from, in words."""
    steps: Sequence[Step]

    @property
    def verdict(self) -> Verdict:
        """No if one step fails; otherwise what the worst of them allows to say."""
        results = {step.result for step in self.steps}
        if Result.NO in results:
            return Verdict.NO
        return Verdict.UNKNOWN if Result.UNKNOWN in results else Verdict.YES

    @property
    def reason(self) -> Step | None:
        """The first step that fails, else the first that cannot be judged; None if it gets it."""
        for result in (Result.NO, Result.UNKNOWN):
            for step in self.steps:
                if step.result is result:
                    return step
        return None
