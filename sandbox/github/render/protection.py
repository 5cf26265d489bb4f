"""Classic branch protection."""

from typing import Any

from sandbox.github.accounts import Account, Organization
from sandbox.github.apps import App
from sandbox.github.clock import iso
from sandbox.github.render.accounts import simple_user, team
from sandbox.github.render.urls import api, escaped, html, node_id
from sandbox.github.repositories import Repository
from sandbox.github.rules.protection import Actors, BranchProtection, RequiredReviews


def branch_protection(
    repository: Repository, branch: str, found: BranchProtection
) -> dict[str, Any]:
    """`branch-protection` and `protected-branch`."""
    url = api(f"/repos/{repository.full_name}/branches/{escaped(branch)}/protection")
    answer: dict[str, Any] = {
        "url": url,
        "required_signatures": {
            "url": f"{url}/required_signatures",
            "enabled": found.signatures,
        },
        "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": found.enforce_admins},
        "required_linear_history": {"enabled": found.linear_history},
        "allow_force_pushes": {"enabled": found.force_pushes},
        "allow_deletions": {"enabled": found.deletions},
        "block_creations": {"enabled": found.block_creations},
        "required_conversation_resolution": {"enabled": found.conversations},
        "lock_branch": {"enabled": found.locked},
        "allow_fork_syncing": {"enabled": found.fork_syncing},
    }
    if found.checks is not None:
        below = f"{url}/required_status_checks"
        answer["required_status_checks"] = {
            "url": below,
            "strict": found.checks.strict,
            "contexts": list(found.checks.contexts),
            "contexts_url": f"{below}/contexts",
            "checks": [
                {"context": each, "app_id": found.checks.apps.get(each)}
                for each in found.checks.contexts
            ],
        }
    if found.reviews is not None:
        answer["required_pull_request_reviews"] = _reviews(repository, url, found.reviews)
    if found.restrictions is not None:
        below = f"{url}/restrictions"
        addresses = {f"{kind}_url": f"{below}/{kind}" for kind in ("users", "teams", "apps")}
        answer["restrictions"] = {
            "url": below,
            **addresses,
            **_actors(repository, found.restrictions),
        }
    return answer


def _reviews(repository: Repository, url: str, found: RequiredReviews) -> dict[str, Any]:
    body: dict[str, Any] = {
        "url": f"{url}/required_pull_request_reviews",
        "dismiss_stale_reviews": found.dismiss_stale,
        "require_code_owner_reviews": found.code_owners,
        "require_last_push_approval": found.last_push,
        "required_approving_review_count": found.approvals,
    }
    if found.dismissal is not None:
        below = f"{url}/dismissal_restrictions"
        body["dismissal_restrictions"] = {
            "url": below,
            "users_url": f"{below}/users",
            "teams_url": f"{below}/teams",
            **_actors(repository, found.dismissal),
        }
    if found.bypass is not None:
        body["bypass_pull_request_allowances"] = _actors(repository, found.bypass)
    return body


def _actors(repository: Repository, found: Actors) -> dict[str, Any]:
    owner = repository.owner
    teams = [team(owner, each) for each in found.teams] if isinstance(owner, Organization) else []
    return {
        "users": [simple_user(each) for each in found.users],
        "teams": teams,
        "apps": [_app(each, owner) for each in found.apps],
    }


def _app(found: App, owner: Account) -> dict[str, Any]:
    """`integration`; the sandbox does not know an App's own dates and permissions."""
    moment = iso(owner.created_at)
    return {
        "id": found.id,
        "slug": found.slug,
        "node_id": node_id("Integration", found.id),
        "owner": simple_user(owner),
        "name": found.slug,
        "description": "",
        "external_url": html(f"apps/{found.slug}"),
        "html_url": html(f"apps/{found.slug}"),
        "created_at": moment,
        "updated_at": moment,
        "permissions": {},
        "events": [],
    }
