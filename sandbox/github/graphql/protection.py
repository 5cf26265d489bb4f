"""Classic branch protection in the form that GraphQL returns: by pattern."""

from sandbox.github import access
from sandbox.github.graphql.connection import connection
from sandbox.github.graphql.git_objects import Answer
from sandbox.github.permissions import Permission
from sandbox.github.render.urls import node_id
from sandbox.github.repositories import Repository
from sandbox.github.rules.protection import BranchProtection


def protection_rules(
    found: Repository, first: int | None = None, after: str | None = None
) -> Answer:
    """A page of classic protection; only administrators see it.

    Raises:
        GraphQLError: as `connection`.
    """
    seen = found.has_rules and access.permission(found) is Permission.ADMIN
    every = [*enumerate(found.protection.items(), 1)] if seen else []
    return connection("branchProtectionRules", every, _rule, first=first, after=after)


def _rule(numbered: tuple[int, tuple[str, BranchProtection]]) -> Answer:
    number, (pattern, found) = numbered
    checks = found.checks
    return {
        "blocksCreations": found.block_creations,
        "id": node_id("BranchProtectionRule", number),
        "isAdminEnforced": found.enforce_admins,
        "lockBranch": found.locked,
        "pattern": pattern,
        "requiredStatusCheckContexts": list(checks.contexts) if checks else None,
        "requiresApprovingReviews": found.reviews is not None,
        "requiresCommitSignatures": found.signatures,
        "requiresDeployments": False,
        "requiresStatusChecks": checks is not None,
        "restrictsPushes": found.restrictions is not None,
    }
