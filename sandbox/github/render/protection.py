"""Branch protection and rulesets."""

from typing import Any

from sandbox.github.clock import iso
from sandbox.github.protection import BranchProtection, Ruleset
from sandbox.github.render.urls import api, escaped, html, node_id
from sandbox.github.repositories import Repository


def branch_protection(
    repository: Repository, branch: str, found: BranchProtection
) -> dict[str, Any]:
    """`branch-protection` and `protected-branch`."""
    url = api(f"/repos/{repository.full_name}/branches/{escaped(branch)}/protection")
    off = {"enabled": False}
    answer: dict[str, Any] = {
        "url": url,
        "required_signatures": {"url": f"{url}/required_signatures", **off},
        "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": found.enforce_admins},
        "required_linear_history": off,
        "allow_force_pushes": off,
        "allow_deletions": off,
        "block_creations": off,
        "required_conversation_resolution": off,
        "lock_branch": off,
        "allow_fork_syncing": off,
    }
    if found.approvals is not None:
        answer["required_pull_request_reviews"] = {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": False,
            "require_code_owner_reviews": False,
            "require_last_push_approval": False,
            "required_approving_review_count": found.approvals,
        }
    return answer


def ruleset(repository: Repository, found: Ruleset) -> dict[str, Any]:
    """`repository-ruleset`."""
    place = f"{repository.full_name}/rulesets/{found.id}"
    return {
        "id": found.id,
        "name": found.name,
        "target": "branch",
        "source_type": "Repository",
        "source": repository.full_name,
        "enforcement": found.enforcement,
        "conditions": {
            "ref_name": {"include": list(found.include), "exclude": list(found.exclude)}
        },
        "rules": list(found.rules),
        "node_id": node_id("RepositoryRuleset", found.id),
        "created_at": iso(found.created_at),
        "updated_at": iso(found.created_at),
        "bypass_actors": [],
        "current_user_can_bypass": "never",
        "_links": {
            "self": {"href": api(f"/repos/{place}")},
            "html": {"href": html(f"{repository.full_name}/rules/{found.id}")},
        },
    }


def rule(repository: Repository, source: Ruleset, found: dict[str, Any]) -> dict[str, Any]:
    """`repository-rule-detailed`: one rule and its ruleset."""
    return found | {
        "ruleset_source_type": "Repository",
        "ruleset_source": repository.full_name,
        "ruleset_id": source.id,
    }
