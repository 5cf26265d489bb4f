"""Ask GitHub what stands before a push to a branch, as far as it tells who may read.

A branch is `protected` where classic protection or a rule of an active ruleset applies to it
(docs.github.com: REST API endpoints for branches). The rules are told to who may read; what classic
protection demands is for administrators to see, and not asked.
"""

from collections.abc import Iterator
from typing import Any, Final

from operations.live.github.api import GitHub, in_path

#: GitHub's word for a branch to which either applies.
PROTECTED: Final = "protected"
#: Rules without which more gets in: others are about deleting, rewriting and how commits look.
_STOPPING: Final = frozenset(
    {
        "code_scanning",
        "merge_queue",
        "pull_request",
        "required_deployments",
        "required_status_checks",
        "update",
        "workflows",
    }
)
#: GitHub's most items of one page.
_PAGE: Final = 100


def barriers(github: GitHub, full_name: str, branch: str) -> frozenset[str] | None:
    """What stands before a push: `protected` and types of rules; None: there is no such branch.

    Args:
        github: the session.
        full_name: the repository, `OWNER/NAME`.
        branch: its name.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    found = github.get(f"repos/{full_name}/branches/{in_path(branch)}")
    if found is None:
        return None
    if not found.get(PROTECTED):
        return frozenset()
    rules = _rules(github, f"repos/{full_name}/rules/branches/{in_path(branch)}")
    return _STOPPING.intersection(str(rule.get("type")) for rule in rules) | {PROTECTED}


def _rules(github: GitHub, path: str) -> Iterator[Any]:
    for found in github.pages(f"{path}?per_page={_PAGE}"):
        yield from found or ()
