"""The declared workflow files of a stack's repositories, each rendered at most once."""

from collections.abc import Mapping
from functools import cache

from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import Stack
from operations.diff.workflows.compare import blob_id
from operations.live.github.graphql import Question, question_about


class DeclaredFiles:
    """Contents by file name, for each repository of a stack."""

    def __init__(self, stack: Stack) -> None:
        """Render nothing yet."""
        self._settings = stack.settings
        self._repositories = {repository.name: repository for repository in stack.repositories}
        self.contents = cache(self._contents)

    def _contents(self, name: str) -> Mapping[str, str]:
        return render_workflows(name, Pipeline.of(self._repositories[name], self._settings))

    def question(self, repository: Repository) -> Question:
        """The question about a repository, without the texts of these files."""
        contents = self.contents(repository.name).values()
        return question_about(repository, frozenset(map(blob_id, contents)))
