"""The branches that carry each workflow file.

A push reads the workflow files of the branch it goes to; `workflow_run` reads the default branch
only, and GitHub offers `workflow_dispatch` only for files of that branch (docs.github.com: events
that trigger workflows).
"""

from components.documents.workflows.triggers import FILES
from components.model.repository import Repository


def workflow_branches(repository: Repository, default_branch: str) -> dict[str, list[str]]:
    """Names of the branches that carry a file, by file name; no branch twice."""
    dev, test = repository.trigger_branch("dev"), repository.trigger_branch("test")
    by_hand = [default_branch] if repository.deploy.manual else []
    return {
        FILES["dev"]: list(dict.fromkeys((dev, default_branch))),
        FILES["test"]: list(dict.fromkeys((test, *by_hand))),
        FILES["prod"]: [default_branch],
    }
