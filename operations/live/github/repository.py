"""Read one repository: the form of its subjects, and its three environments with all in them.

Requests of a repository with all three environments: subject, environments, and three lists an
environment, eleven in all. GitHub has no list of secrets, variables or branch policies across
environments, neither by REST (docs.github.com/rest/actions, docs.github.com/rest/deployments) nor
by GraphQL, so fewer would leave something unseen.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from components.model.plan import Offered, Plan
from components.model.types import ENVIRONMENTS
from operations.live.answers import told_time
from operations.live.github.api import GitHub
from operations.live.github.cache import every
from operations.live.github.environment_rules import read_branch_policy, read_protection
from operations.live.github.graphql import Facts
from operations.live.github.subject_claims import customised_claims
from operations.live.observed import ObservedEnvironment, ObservedRepository

#: GitHub's most items of one page (docs.github.com/rest/actions/variables).
_VARIABLES_A_PAGE: Final = 30


def read_repository(github: GitHub, facts: Facts, plan: Plan | None = None) -> ObservedRepository:
    """Everything of one repository, beginning with what one question told of it.

    Args:
        github: the session.
        facts: what is known of it already.
        plan: its owner's, where it is known.
    """
    place = f"repos/{facts.full_name}"
    subject = github.get(f"{place}/actions/oidc/customization/sub") or {}
    offered = Offered(plan=plan, public=facts.public)
    # Where the plan has none GitHub answers 404, which otherwise must not pass for none.
    names, others = _environments(github, place) if offered.environments else ({}, [])
    return ObservedRepository(
        # A public one is the same with every plan.
        plan=None if facts.public else plan,
        full_name=facts.full_name,
        id=facts.id,
        archived=facts.archived,
        public=facts.public,
        default_branch=facts.default_branch,
        subject_prefix=str(subject.get("sub_claim_prefix") or f"repo:{facts.full_name}"),
        subject_claims=customised_claims(github, facts.full_name.partition("/")[0], subject),
        environments={
            name: _environment(
                github, f"{place}/environments/{quote(found['name'], safe='')}", found
            )
            for name, found in names.items()
        },
        other_environments=tuple(others),
        workflows=facts.workflows,
        created=facts.created,
    )


def _environments(github: GitHub, place: str) -> tuple[dict[str, Any], list[str]]:
    """Ours by name in lower case, and the names of all others."""
    ours: dict[str, Any] = {}
    others = []
    for found in every(github, f"{place}/environments", "environments"):
        name = found["name"]
        if name.lower() in ENVIRONMENTS:
            ours[name.lower()] = found
        else:
            others.append(name)
    return ours, others


def _environment(github: GitHub, place: str, found: Mapping[str, Any]) -> ObservedEnvironment:
    policy = read_branch_policy(found.get("deployment_branch_policy"))
    patterns: dict[str, dict[str, int]] = {"branch": {}, "tag": {}}
    if policy == "custom":
        path = f"{place}/deployment-branch-policies"
        for pattern in every(github, path, "branch_policies"):
            of_type = patterns.setdefault(str(pattern.get("type") or "branch"), {})
            of_type[pattern["name"]] = pattern["id"]
    variables = every(github, f"{place}/variables", "variables", _VARIABLES_A_PAGE)
    secrets = every(github, f"{place}/secrets", "secrets")
    protection = read_protection(found.get("protection_rules") or ())
    return ObservedEnvironment(
        name=found["name"],
        admin_bypass=found.get("can_admins_bypass", True),
        branch_policy=policy,
        branches=patterns.pop("branch"),
        tags=patterns.pop("tag"),
        variables={variable["name"].upper(): variable["value"] for variable in variables},
        secrets={secret["name"].upper(): told_time(secret["updated_at"]) for secret in secrets},
        created=told_time(found["created_at"]),
        other_patterns=frozenset(
            (kind, pattern) for kind, several in patterns.items() for pattern in several
        ),
        users=protection.users,
        teams=protection.teams,
        other_reviewers=protection.other_reviewers,
        reviewer_ids=protection.reviewer_ids,
        wait_minutes=protection.wait_minutes,
        prevent_self_review=protection.prevent_self_review,
        other_rules=protection.other_rules,
    )
