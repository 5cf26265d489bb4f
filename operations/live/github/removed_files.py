"""Delete files of one branch by commits, for the pull request of an offboarding.

Pulumi's GitHub provider makes every other change (`components.resources.workflow_removal` says why
not this one). Each deletion is sent once: the next run goes on where one was interrupted.
"""

import os
from collections.abc import Callable, Sequence
from functools import partial

import requests
from requests.adapters import HTTPAdapter

from components.config.github_address import rest_url
from components.config.sanitize import visible
from components.documents.delivery import commit_message
from components.model.stack import StackSettings
from operations.live.github.api import TIMEOUT, in_path, message_of
from operations.live.github.session import github_session


def deletion(settings: StackSettings) -> Callable[[str, str, Sequence[str]], None]:
    """A function that deletes files: it takes the repository, the branch and the paths.

    Args:
        settings: the stack's. The token, and the sandbox's address, come from the environment, as
            the provider reads them.
    """
    root = rest_url(settings.github, os.environ.get("GITHUB_BASE_URL"))
    return partial(_delete, f"{root}repos/{settings.owner}")


def _delete(owner: str, repository: str, branch: str, paths: Sequence[str]) -> None:
    """Delete files by a commit each, one after the other; two at once would give 409.

    Args:
        owner: address of the owner's repositories.
        repository: without the owner.
        branch: takes the commits.
        paths: of the files; those that are not there are ignored.

    Raises:
        RuntimeError: GitHub refuses.
    """
    session = github_session(os.environ.get("GITHUB_TOKEN", ""), HTTPAdapter())
    for path in paths:
        url = f"{owner}/{repository}/contents/{in_path(path)}"
        answer = session.get(url, params={"ref": branch}, timeout=TIMEOUT)
        if answer.status_code == requests.codes.not_found:
            continue
        if answer.ok:
            message = commit_message(path, by_pull_request=True)
            body = {"message": message, "sha": answer.json()["sha"], "branch": branch}
            answer = session.delete(url, json=body, timeout=TIMEOUT)
        if not answer.ok:
            refused = f"{answer.status_code} {message_of(answer)}"
            text = f"{repository}: {path} on {branch} was not deleted: {refused}"
            raise RuntimeError(visible(text))
