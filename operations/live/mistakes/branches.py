"""Say why the branches of a repository do not fit its declaration, and what to write instead.

The program reports a mistake at the declaration, `slipway adopt` by the repository's name. slipway
creates no branch but dev's: a wrong name would become a branch to which no user pushes.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from components.config.yaml_files import Path_
from components.model.branches import BranchFacts, as_found
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.model.types import EnvironmentName

#: Names that YAML reads as text without quotes; some words are read as truth values or as null.
_PLAIN: Final = re.compile(
    r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][\w./-]*", re.IGNORECASE | re.ASCII
)
_ITSELF: Final = ("repository",)


def branch_mistakes(
    full_name: str, declared: Repository, found: BranchFacts
) -> Iterator[tuple[Path_, str]]:
    """Each mistake: its place in the declaration, and the text.

    Args:
        full_name: `OWNER/NAME`.
        declared: the declaration.
        found: GitHub's facts.
    """
    repository, default = as_found(declared, found), found.default_branch
    test, names = repository.trigger_branch("test"), repository.environment_names
    if "test" in repository.workflow_names and not found.has_branch(test):
        yield _ITSELF, f"{full_name} has no branch {test!r}, {_missing(repository, default)}"
        return
    if "prod" in names and test != default and not _admitted(repository, "prod", default):
        yield _ITSELF, f"{full_name}: {_refused(repository, default)}"
        return
    for name in names:
        if name != "dev" and not _admitted(repository, name, test):
            patterns = ", ".join(repository.deployment_branches(name)) or "no pattern"
            followed = f" (the default branch: there is no {declared.branches.test!r})"
            why = "" if repository is declared else followed
            text = (
                f"{patterns} does not admit {test!r}, the branch of {full_name} that deploys to "
                f"{name}{why}: add it (or change branches.{name})"
            )
            yield ("environments", name, "deployment_branches"), text


def _missing(repository: Repository, default: str) -> str:
    """Why a branch is needed, and both ways out."""
    test, prod = repository.trigger_branch("test"), "prod" in repository.environment_names
    why = "which deploys to test and prod" if prod else "whose push starts test's workflow"
    needed = f"{why}, and slipway creates no branch but dev's"
    if default != repository.dev_branch or not prod:
        return f"{needed}: declare {_both(default)}, its default branch, or create {test!r}"
    return (
        f"{needed}; its default branch {default!r} deploys to dev: create {test!r} and make it the "
        f"default branch, or, if any job on {default!r} may deploy to prod, declare "
        f"{_both(default)}"
    )


def _refused(repository: Repository, default: str) -> str:
    """Why prod's workflow cannot deploy, and both ways out."""
    prod, patterns = repository.trigger_branch("prod"), repository.deployment_branches("prod")
    why = (
        f"GitHub runs the prod workflow on the default branch {default!r}, which prod does not "
        f"admit ({', '.join(patterns)})"
    )
    if default != repository.dev_branch:
        return f"{why}: make {prod!r} the default branch, or declare {_both(default)}"
    admitting = _list([*patterns, default])
    return (
        f"{why}; if it did, any job on {default!r} could deploy to prod: make {prod!r} the default "
        "branch, or, if that is meant, declare "
        f"`environments: {{prod: {{deployment_branches: {admitting}}}}}`"
    )


def _admitted(repository: Repository, name: EnvironmentName, branch: str) -> bool:
    return any(admits(pattern, branch) for pattern in repository.deployment_branches(name))


def _both(branch: str) -> str:
    return f"`branches: {{test: {_quoted(branch)}, prod: {_quoted(branch)}}}`"


def _list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, names))}]"


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
