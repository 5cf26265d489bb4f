"""Read what GitHub says about one repository, and about the ref and the file of a job.

Deliberately absent: what the answers mean (`steps`).
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.commands.explain.job import Job
from operations.live.answers import readable
from operations.live.github.api import GitHub, in_path
from operations.live.github.graphql import question_about
from operations.live.observed import ObservedRepository
from operations.live.observer import observe_repositories

_BRANCH: Final = "refs/heads/"


@dataclass(frozen=True, kw_only=True)
class Home:
    """A repository that GitHub shows."""

    live: ObservedRepository
    owner: str
    """Login of its owner as GitHub spells it."""
    owner_id: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """The ref of a job, and its workflow file."""

    ref_exists: bool
    """Whether the ref is there now."""
    tag_exists: bool
    """Whether a tag has the name of a branch that is not there."""
    text: str | None
    """The file at the job's commit, or at its ref; None if it has none."""
    on_default: bool
    """Whether the default branch has a file of that name."""
    protected: bool
    """Whether a policy of protected branches admits the ref: if no branch is protected, it admits
    all (docs.github.com: managing environments for deployment)."""


def read_home(github: GitHub, settings: StackSettings, repository: Repository) -> Home | None:
    """The repository with its environments; None if GitHub shows none of the name.

    Raises:
        ConfigurationError: GitHub refuses, or cannot be reached.
    """
    question = question_about(repository, settings, other_texts=True)
    found = observe_repositories(
        settings.owner, [question], cache=False, stated=settings.plan, github=settings.github
    )
    live = found[repository.name]
    if live is None:
        return None
    told: Any = github.get(f"repos/{live.full_name}") or {}
    return readable(github.url, _home, live, told)


def _home(live: ObservedRepository, told: Any) -> Home:
    return Home(live=live, owner=str(told["owner"]["login"]), owner_id=str(told["owner"]["id"]))


def read_place(github: GitHub, live: ObservedRepository, job: Job) -> Place:
    """The ref and the file of a job.

    Raises:
        ConfigurationError: as `read_home`.
    """
    branch = job.ref.removeprefix(_BRANCH)
    exists = _exists(github, live, job.ref)
    tag = not exists and job.ref.startswith(_BRANCH)
    return Place(
        ref_exists=exists,
        tag_exists=tag and _exists(github, live, f"refs/tags/{branch}"),
        text=read_text(github, live.full_name, job.path, job.commit or job.ref),
        on_default=job.file in live.workflows.get(live.default_branch, {}),
        protected=job.ref.startswith(_BRANCH) and _protected(github, live, branch),
    )


def read_text(github: GitHub, full_name: str, path: str, at: str) -> str | None:
    """The text of a file at a commit or a full ref; None if it is not there.

    Raises:
        ConfigurationError: as `read_home`.
    """
    place = f"repos/{full_name}/contents/{in_path(path)}?ref={quote(at, safe='')}"
    found = github.get(place)
    return readable(github.url, _text, found) if isinstance(found, dict) else None


def _text(found: Any) -> str | None:
    try:
        return base64.b64decode(found["content"]).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _exists(github: GitHub, live: ObservedRepository, ref: str) -> bool:
    if ref.removeprefix(_BRANCH) in live.workflows:
        return True
    kind = ref.removeprefix("refs/")
    found = github.get(f"repos/{live.full_name}/git/matching-refs/{in_path(kind)}")
    return any(one["ref"] == ref for one in found or ())


def _protected(github: GitHub, live: ObservedRepository, branch: str) -> bool:
    if all(one.branch_policy != "protected" for one in live.environments.values()):
        return False
    some = github.get(f"repos/{live.full_name}/branches?protected=true&per_page=1")
    if not some:
        return True
    found: Any = github.get(f"repos/{live.full_name}/branches/{in_path(branch)}") or {}
    return bool(found.get("protected"))
