"""Decide for each type of rule whether it refuses a change that slipway makes.

Everything that GitHub documents is judged exactly, with the parameters of the rule. Rules about
facts that slipway cannot know, such as addresses of authors, and types that are not listed here
count as refusing. The source is
docs.github.com, available rules for rulesets, and the REST API's description of each rule.
Deliberately absent: who may bypass a rule (`judge`).
"""

from collections.abc import Mapping
from typing import Any, Final

from operations.live.github.rules.branch_rules import Rule
from operations.live.github.rules.changes import Change
from operations.live.github.rules.patterns import (
    breaks_pattern,
    may_restrict_extension,
    may_restrict_path,
)

#: Rules that refuse none of slipway's changes: its commits have one parent and rewrite nothing, it
#: makes no tag, and a review by Copilot stops no push.
_HARMLESS: Final = frozenset(
    {"copilot_code_review", "non_fast_forward", "required_linear_history", "tag_name_pattern"}
)
#: Rules about new commits. A branch that is made from another one's newest commit has none.
_OF_COMMITS: Final = frozenset(
    {
        "commit_author_email_pattern",
        "commit_message_pattern",
        "committer_email_pattern",
        "file_extension_restriction",
        "file_path_restriction",
        "max_file_path_length",
        "max_file_size",
        "pull_request",
        "required_signatures",
        "update",
    }
)
#: Rules that also stop the creation of a branch unless a parameter says otherwise.
_ON_CREATION: Final = frozenset({"required_status_checks", "workflows"})
#: Rules about what a branch gets. Whether they stop the creation of a branch is not documented.
_OF_UPDATES: Final = frozenset(
    {"code_scanning", "license_compliance_scanning", "merge_queue", "required_deployments"}
)
#: Rules of a name.
_OF_NAMES: Final = frozenset({"branch_name_pattern"})
#: Rules about one kind of change.
_CREATION, _DELETION = "creation", "deletion"
_MEGABYTE: Final = 1024 * 1024


def refuses(rule: Rule, change: Change, *, is_app: bool) -> bool:
    """Whether a rule refuses a change of a user or App that may not bypass it.

    Args:
        rule: applies to the change's branch, or to every push.
        change: what slipway wants to do.
        is_app: True for the token of an App, whose commits by REST are signed by GitHub.
    """
    if rule.type in _HARMLESS:
        return False
    if change.kind == "delete":
        kept = _OF_COMMITS | _OF_UPDATES | _ON_CREATION | _OF_NAMES | {_CREATION}
        return rule.type not in kept
    if rule.type in _OF_NAMES:
        return breaks_pattern(change.branch, rule.parameters)
    if change.kind == "create":
        return _stops_creation(rule)
    if rule.type in {_CREATION, _DELETION}:
        return False
    return _stops_commits(rule.type, rule.parameters, change, is_app=is_app)


def _stops_creation(rule: Rule) -> bool:
    if rule.type in _ON_CREATION:
        return not rule.parameters.get("do_not_enforce_on_create")
    return rule.type not in _OF_COMMITS | {_DELETION}


def _stops_commits(
    kind: str, parameters: Mapping[str, Any], change: Change, *, is_app: bool
) -> bool:
    match kind:
        case "required_signatures":
            return not is_app
        case "commit_message_pattern":
            return any(breaks_pattern(message, parameters) for message in change.messages)
        case "file_path_restriction":
            patterns = parameters.get("restricted_file_paths") or ()
            return any(
                may_restrict_path(str(pattern), path)
                for pattern in patterns
                for path in change.paths
            )
        case "file_extension_restriction" | "max_file_path_length" | "max_file_size":
            return not change.removes and _stops_files(kind, parameters, change)
    return True


def _stops_files(kind: str, parameters: Mapping[str, Any], change: Change) -> bool:
    """Rules about what a file is, which a deleted one is no more."""
    if kind == "file_extension_restriction":
        patterns = parameters.get("restricted_file_extensions") or ()
        return any(
            may_restrict_extension(str(pattern), path)
            for pattern in patterns
            for path in change.paths
        )
    most = parameters.get(kind)
    if not isinstance(most, int):
        return True
    if kind == "max_file_size":
        return change.largest > most * _MEGABYTE
    return any(len(path) > most for path in change.paths)
