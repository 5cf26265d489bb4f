"""The declared workflow files of a stack's repositories, each rendered at most once.

They are kept compressed: a stack's texts are most of the memory of a look.
"""

import json
import zlib
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
        self._rendered: dict[tuple[str, Branches], bytes] = {}

    def contents(self, repository: Repository) -> Mapping[str, str]:
        """The files of a repository, whose branches may be known better than before."""
        key = (repository.name, repository.branches)
        if key not in self._rendered:
            pipeline = Pipeline.of(repository, self._settings)
            files = render_workflows(repository.name, pipeline)
            self._rendered[key] = zlib.compress(json.dumps(files).encode(), level=1)
            return files
        found: dict[str, str] = json.loads(zlib.decompress(self._rendered[key]))
        return found

    def question(self, repository: Repository) -> Question:
        """The question about a repository, without the texts of these files."""
        return question_about(repository, self._settings, self.contents)
