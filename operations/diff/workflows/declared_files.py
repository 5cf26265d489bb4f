"""The declared workflow files of a stack's repositories, each rendered at most once."""

from collections.abc import Mapping

from components.documents.workflows import render_workflows
from components.model.environment import Branches
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.live.github.graphql import Question, question_about


class DeclaredFiles:
    """Contents by file name, for each repository of one stack."""

    def __init__(self, settings: StackSettings) -> None:
        """Render nothing yet."""
        self._settings = settings
        self._rendered: dict[tuple[str, Branches], Mapping[str, str]] = {}

    def contents(self, repository: Repository) -> Mapping[str, str]:
        """The files of a repository, whose branches may be known better than before."""
        key = (repository.name, repository.branches)
        if key not in self._rendered:
            pipeline = Pipeline.of(repository, self._settings)
            self._rendered[key] = render_workflows(repository.name, pipeline)
        return self._rendered[key]

    def question(self, repository: Repository) -> Question:
        """The question about a repository, without the texts of these files."""
        return question_about(repository, self._settings, self.contents(repository))
