"""The body of a ruleset: its schema, GitHub's defaults, and what GitHub does not accept."""

from collections.abc import Iterable
from typing import Any, Final, Literal

from sandbox.github import errors
from sandbox.github.body import Body
from sandbox.github.clock import now
from sandbox.github.rules.ruleset import BypassActor, Ruleset

#: Parameters that GitHub adds to a rule that does not have them, by type of the rule.
_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "pull_request": {
        "allowed_merge_methods": ["merge", "squash", "rebase"],
        "dismiss_stale_reviews_on_push": False,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_approving_review_count": 0,
        "required_review_thread_resolution": False,
        "required_reviewers": [],
    },
    "required_status_checks": {"do_not_enforce_on_create": False},
    "workflows": {"do_not_enforce_on_create": False},
}
_PATTERN: Final = ("operator", "pattern")
#: Parameters that a rule must have, by its type.
_REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "branch_name_pattern": _PATTERN,
    "code_scanning": ("code_scanning_tools",),
    "commit_author_email_pattern": _PATTERN,
    "commit_message_pattern": _PATTERN,
    "committer_email_pattern": _PATTERN,
    "file_extension_restriction": ("restricted_file_extensions",),
    "file_path_restriction": ("restricted_file_paths",),
    "max_file_path_length": ("max_file_path_length",),
    "max_file_size": ("max_file_size",),
    "pull_request": (
        "dismiss_stale_reviews_on_push",
        "require_code_owner_review",
        "require_last_push_approval",
        "required_approving_review_count",
        "required_review_thread_resolution",
    ),
    "required_deployments": ("required_deployment_environments",),
    "required_status_checks": (
        "required_status_checks",
        "strict_required_status_checks_policy",
    ),
    "tag_name_pattern": _PATTERN,
    "workflows": ("workflows",),
}
#: Rules of push rulesets, which have no others
#: (github.com/integrations/terraform-provider-github/issues/2714).
_OF_PUSHES: Final = {
    "file_extension_restriction",
    "file_path_restriction",
    "max_file_path_length",
    "max_file_size",
}
_TYPES: Final = _OF_PUSHES | {
    "branch_name_pattern",
    "code_scanning",
    "commit_author_email_pattern",
    "commit_message_pattern",
    "committer_email_pattern",
    "copilot_code_review",
    "creation",
    "deletion",
    "license_compliance_scanning",
    "merge_queue",
    "non_fast_forward",
    "pull_request",
    "required_deployments",
    "required_linear_history",
    "required_signatures",
    "required_status_checks",
    "tag_name_pattern",
    "update",
    "workflows",
}


class RuleBody(Body):
    """One rule."""

    type: str
    parameters: dict[str, Any] | None = None


class ActorBody(Body):
    """Somebody whom the ruleset does not bind."""

    actor_id: int | None = None
    actor_type: Literal[
        "Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey", "User"
    ]
    bypass_mode: Literal["always", "pull_request", "exempt"] = "always"


class RulesetBody(Body):
    """A ruleset; an update may have a part of it."""

    name: str | None = None
    enforcement: Literal["disabled", "active", "evaluate"] | None = None
    target: Literal["branch", "tag", "push"] | None = None
    conditions: dict[str, Any] | None = None
    rules: tuple[RuleBody, ...] | None = None
    bypass_actors: tuple[ActorBody, ...] | None = None


def created(
    ruleset_id: int,
    body: RulesetBody,
    others: Iterable[Ruleset],
    source_type: str = "Repository",
) -> Ruleset:
    """A new ruleset.

    Raises:
        GitHubError: 422.
    """
    missing = [key for key in ("name", "enforcement") if getattr(body, key) is None]
    if missing:
        raise errors.invalid(*(f'"{key}" wasn\'t supplied.' for key in missing))
    moment = now()
    found = Ruleset(ruleset_id, "", "branch", "active", {}, (), (), moment, moment, source_type)
    apply(found, body, others)
    return found


def apply(found: Ruleset, body: RulesetBody, others: Iterable[Ruleset]) -> None:
    """Write the members that the body has.

    Raises:
        GitHubError: 422; nothing is written.
    """
    target = body.target or found.target
    for rule in body.rules or ():
        if rule.type not in _TYPES or (rule.type in _OF_PUSHES) is not (target == "push"):
            raise errors.custom_failure("Ruleset", f"Invalid rule '{rule.type}'")
        if rule.parameters is None and rule.type == "pull_request":
            # GitHub's description demands the members of `parameters`, but not `parameters`.
            continue
        missing = [
            key for key in _REQUIRED.get(rule.type, ()) if key not in (rule.parameters or {})
        ]
        if missing:
            raise errors.invalid(*(f'"{key}" wasn\'t supplied.' for key in missing))
    names = {other.name for other in others if other is not found}
    if body.name in names:
        raise errors.custom_failure("Ruleset", "Name must be unique")
    found.name = found.name if body.name is None else body.name
    found.enforcement = body.enforcement or found.enforcement
    found.target = body.target or found.target
    if body.conditions is not None:
        found.conditions = _with_lists(body.conditions)
    if body.rules is not None:
        found.rules = tuple(_rule(rule) for rule in body.rules)
    if body.bypass_actors is not None:
        found.bypass_actors = tuple(
            BypassActor(each.actor_type, each.actor_id, each.bypass_mode)
            for each in body.bypass_actors
        )


def _with_lists(conditions: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, condition in conditions.items():
        lists: dict[str, list[str]] = (
            {"include": [], "exclude": []} if name.endswith("_name") else {}
        )
        found[name] = lists | (condition or {})
    return found


def _rule(body: RuleBody) -> dict[str, Any]:
    parameters = _DEFAULTS.get(body.type, {}) | (body.parameters or {})
    return {"type": body.type} | ({"parameters": parameters} if parameters else {})
