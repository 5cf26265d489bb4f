"""The REST API, one family of routes a module."""

from typing import Final

from sandbox.github.routes import (
    accounts,
    branch_policies,
    branches,
    collaborators,
    commits,
    contents,
    environments,
    git_data,
    issue_comments,
    issues,
    labels,
    oidc,
    rate_limit,
    refs,
    repositories,
    secrets,
    team_members,
    teams,
    variables,
)
from sandbox.github.routes.family import Family

FAMILIES: Final[tuple[Family, ...]] = (
    accounts.routes,
    branch_policies.routes,
    branches.routes,
    collaborators.routes,
    commits.routes,
    contents.routes,
    environments.routes,
    git_data.routes,
    issue_comments.routes,
    issues.routes,
    labels.routes,
    oidc.organization_routes,
    oidc.routes,
    rate_limit.routes,
    refs.routes,
    repositories.creation,
    repositories.routes,
    secrets.routes,
    team_members.routes,
    teams.collection,
    teams.routes,
    variables.routes,
)
