"""Ask GitHub which rules a push to a branch must pass, with the right to read alone.

A branch is `protected` where classic protection or a rule of an active ruleset applies to it
(docs.github.com: REST API endpoints for branches). Every reader may see the rules. Only
administrators may see the demands of classic protection, so these are not read.
"""

from collections.abc import Iterator
from typing import Any, Final

from operations.live.github.api import GitHub, in_path

#: GitHub's word for a branch to which one of the two applies.
PROTECTED: Final = "protected"
#: Rules that can stop a push. Others are about deleting, rewriting and the form of commits.
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
    """The rules: `protected` and types of rules; None if the branch does not exist.

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
