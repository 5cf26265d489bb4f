"""The commit of a workflow, and the checks of it before a deployment gets credentials.

A push has its commit. Production follows a run of the test workflow: in the standard it takes the
newest commit of the branch, in the strict profile the tested commit. `deploy.manual` adds runs by
hand, whose commit must be on the environment's branch, the only one that its rules admit.
"""

from dataclasses import dataclass
from typing import Final

from components.documents.workflows import commit_scripts as scripts
from components.documents.workflows.emit import Inline
from components.documents.workflows.steps import RenderedStep, in_url
from components.model.pipeline import Pipeline
from components.model.types import EnvironmentName

#: The run of the test workflow that triggers production.
TESTED_RUN: Final = "github.event.workflow_run"
BY_HAND: Final = "github.event_name == 'workflow_dispatch'"
_NOT_BY_HAND: Final = "github.event_name != 'workflow_dispatch'"
_CHECKED_OUT: Final = "${{ steps.checkout.outputs.commit }}"
_TOKEN: Final = {"GH_TOKEN": "${{ github.token }}"}


@dataclass(frozen=True)
class Source:
    """The commit of one environment's workflow."""

    pipeline: Pipeline
    environment: EnvironmentName

    @property
    def ref(self) -> str | None:
        """The `ref` of checkout; None for the triggering commit."""
        followed = None
        if self.environment == "prod":
            followed = f"{TESTED_RUN}.{'head_sha' if self.pipeline.strict else 'head_branch'}"
        # Without a run by hand the input is empty, and an empty ref means the triggering commit.
        given = "inputs.commit" if self.pipeline.manual else None
        chosen = " || ".join(one for one in (given, followed) if one)
        return f"${{{{ {chosen} }}}}" if chosen else None

    @property
    def commit(self) -> str:
        """The commit that the first job checks, as an expression."""
        given = "inputs.commit" if self.pipeline.manual else None
        tested = f"{TESTED_RUN}.head_sha" if self.environment == "prod" else None
        return f"${{{{ {' || '.join(one for one in (given, tested) if one)} }}}}"

    @property
    def branch(self) -> str:
        """The environment's branch, as a part of a URL."""
        return in_url(getattr(self.pipeline.branches, self.environment))

    def question(self, commit: str) -> Inline:
        """Environment variables of the script that checks whether a commit is on the branch."""
        return Inline({"COMMIT": commit, "BRANCH": self.branch, **_TOKEN})

    def checks(self) -> list[RenderedStep]:
        """The deployment's checks of the commit, after checkout."""
        manual = self.pipeline.manual
        steps = [self._on_branch()] if manual else []
        if self.environment == "prod":
            followed = self._order() if self.pipeline.strict else self._same()
            steps.append(followed.also_when(_NOT_BY_HAND) if manual else followed)
        return steps

    def _on_branch(self) -> RenderedStep:
        """Check the commit that was checked out, as the input may be a name, too."""
        return RenderedStep(
            name="Check the given commit",
            when=BY_HAND,
            env=self.question(_CHECKED_OUT),
            run=scripts.CHECK_ON_BRANCH,
        )

    def test_run(self) -> list[RenderedStep]:
        """Find the run that tested a commit given by hand; prod takes the packages of that run."""
        if not self.pipeline.manual:
            return []
        step = RenderedStep(
            name="Find the test run of the given commit",
            id="tested",
            when=BY_HAND,
            env={"COMMIT": "${{ inputs.commit }}", "WORKFLOW": "python-test.yml", **_TOKEN},
            run=scripts.FIND_TEST_RUN,
        )
        return [step]

    @property
    def tested_run(self) -> str:
        """Id of the run whose packages prod takes, as an expression."""
        given = "steps.tested.outputs.run || " if self.pipeline.manual else ""
        return f"${{{{ {given}{TESTED_RUN}.id }}}}"

    def _same(self) -> RenderedStep:
        return RenderedStep(
            name="Compare with the tested commit",
            env=Inline({"COMMIT": _CHECKED_OUT, "TESTED": f"${{{{ {TESTED_RUN}.head_sha }}}}"}),
            run=scripts.COMPARE_WITH_TESTED,
        )

    def _order(self) -> RenderedStep:
        return RenderedStep(
            name="Compare with what is deployed",
            why="A test run that is repeated would bring its old commit back.",
            env={
                "TESTED": f"${{{{ {TESTED_RUN}.head_sha }}}}",
                "WORKFLOW": "python-prd.yml",
                **_TOKEN,
            },
            run=scripts.CHECK_ORDER,
        )
