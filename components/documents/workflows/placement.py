"""The branches that carry each workflow file.

A push reads the workflow files of the branch it goes to; `workflow_run` reads the default branch
only, and GitHub offers `workflow_dispatch` only for files of that branch (docs.github.com: events
that trigger workflows).
"""

from components.documents.workflows.triggers import FILES
from components.model.repository import Repository
from components.model.types import EnvironmentName


def workflow_branches(repository: Repository, default_branch: str) -> dict[str, list[str]]:
    """Names of the branches that carry a file, by file name; no branch twice."""
    dev, test = repository.trigger_branch("dev"), repository.trigger_branch("test")
    by_hand = [default_branch] if repository.deploy.manual else []
    placed: dict[EnvironmentName, list[str]] = {
        "dev": list(dict.fromkeys((dev, default_branch))),
        "test": list(dict.fromkeys((test, *by_hand))),
        "prod": [default_branch],
    }
    return {FILES[name]: placed[name] for name in repository.workflow_names}
