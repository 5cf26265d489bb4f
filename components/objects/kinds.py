"""The kinds of objects that slipway manages or reports: one row each, and the only list of them.

Whatever enumerates kinds or their fields reads this table: the comparison with the live world, the
names in plans, the guard, adoption, and the corrections of Pulumi's state. docs/contributing.md
shows how a kind is added.

Deliberately absent: how an object is provisioned (`components.resources`), how it is read
(`operations.live`), and which objects a declaration asks for (`desired`).
"""

from dataclasses import replace
from typing import Final

from components.objects.kind import Field, Kind

REPOSITORY: Final = Kind(
    "repository",
    missing="repository/missing",
    rules=("plan/forget", "workflow/unread"),
    fields=(
        Field("name", "", ("repository/renamed", "repository/transferred")),
        Field("archived", "", ("repository/archived",)),
        Field("subject claims", "", ("repository/subject_claims",)),
        Field("subject form", "", ("repository/subject_form",)),
        Field("default branch", "", ("repository/default_branch",)),
        Field("other environments", "", ("repository/extra_environment",)),
        Field("visibility", "", ("repository/visibility",)),
    ),
)
ENVIRONMENT: Final = Kind(
    "environment {environment}",
    (("environment", "environment"),),
    "github:index/repositoryEnvironment:RepositoryEnvironment",
    missing="environment/missing",
    fields=(
        Field(
            "reviewers",
            "reviewers",
            (
                "environment/other_reviewer",
                "environment/renamed_reviewer",
                "environment/reviewer_access",
                "environment/reviewers",
                "environment/unknown_reviewer",
            ),
            protects=True,
            refreshed=False,
            both_ways=True,
        ),
        Field(
            "wait_minutes", "waitTimer", ("environment/wait_minutes",), protects=True, safer="more"
        ),
        Field(
            "prevent_self_review",
            "preventSelfReview",
            ("environment/prevent_self_review",),
            protects=True,
            safer="more",
            refreshed=False,
            imported=False,
        ),
        Field(
            "admin_bypass",
            "canAdminsBypass",
            ("environment/admin_bypass",),
            protects=True,
            safer="less",
        ),
        Field(
            "deployment_branches",
            "deploymentBranchPolicy",
            ("environment/branch_policy",),
            protects=True,
            both_ways=True,
        ),
        Field("protection rules", "", ("environment/unknown_rule",)),
    ),
)
_POLICY: Final = (
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
)
BRANCH_POLICY: Final = Kind(
    "branch policy {pattern}",
    (("pattern", "branchPattern"),),
    _POLICY,
    ENVIRONMENT,
    protects=True,
    missing="environment/missing_branch_policy",
    extra="environment/extra_branch_policy",
    deleted_with=True,
)
TAG_POLICY: Final = replace(
    BRANCH_POLICY, words="tag policy {pattern}", key=(("pattern", "tagPattern"),)
)
#: Patterns of types that GitHub's documentation does not have.
OTHER_POLICY: Final = Kind(
    "{type} policy {pattern}",
    (("type", ""), ("pattern", "")),
    parent=ENVIRONMENT,
    extra="environment/extra_branch_policy",
)
_PROTECTION: Final = (ENVIRONMENT, BRANCH_POLICY, TAG_POLICY)
#: A rule of a GitHub App, which the provider has no resource for.
CUSTOM_RULE: Final = Kind(
    "custom deployment protection rule {app}",
    (("app", ""),),
    parent=ENVIRONMENT,
    missing="environment/missing_custom_rule",
    extra="environment/extra_custom_rule",
)
BRANCH: Final = Kind(
    "branch {branch}",
    (("branch", "branch"),),
    "github:index/branch:Branch",
    missing="branch/missing",
    after=_PROTECTION,
    fields=(
        Field("source", "sourceBranch", refreshed=False),
        Field("protection", "", ("branch/protection",)),
    ),
)
WORKFLOW: Final = Kind(
    "{file} on {branch}",
    (("file", "file"), ("branch", "branch")),
    "github:index/repositoryFile:RepositoryFile",
    BRANCH,
    prefixed=False,
    missing="workflow/missing",
    rules=("workflow/same_name", "workflow/uses_environment"),
    after=_PROTECTION,
    fields=(
        Field("content", "content", ("workflow/content", "workflow/name")),
        Field("commit", "commitMessage", imported=False),
        Field("overwrite", "overwriteOnCreate", imported=False, unread=False),
    ),
)
#: One for each branch that gets its files by pull request.
PULL_REQUEST: Final = Kind(
    "pull request for {branch}",
    (("branch", "baseRef"),),
    "github:index/repositoryPullRequest:RepositoryPullRequest",
    BRANCH,
    prefixed=False,
    after=(*_PROTECTION, BRANCH, WORKFLOW),
    fields=(
        Field("state", "", ("workflow/pull_request_closed", "workflow/pull_request_open")),
        Field("head", "headRef"),
        Field("title", "title"),
        Field("body", "body"),
    ),
)
VARIABLE: Final = Kind(
    "variable {name}",
    (("name", "variableName"),),
    "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
    ENVIRONMENT,
    folded=frozenset({"name"}),
    after=(BRANCH, WORKFLOW, PULL_REQUEST),
    missing="variable/missing",
    extra="variable/extra",
    fields=(Field("value", "value", rules=("variable/value",)),),
)
SECRET: Final = Kind(
    "secret {name}",
    (("name", "secretName"),),
    "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
    ENVIRONMENT,
    folded=frozenset({"name"}),
    after=(BRANCH, WORKFLOW, PULL_REQUEST),
    missing="secret/missing",
    extra="secret/extra",
    rules=("secret/missing_external",),
    fields=(Field("value", "value", ("secret/overwritten",), refreshed=False, imported=False),),
)
OIDC_PROVIDER: Final = Kind(
    "OIDC provider of account {account}",
    (("account", ""),),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    missing="oidc_provider/missing",
    fields=(
        Field(
            "audiences",
            "clientIdLists",
            ("oidc_provider/audiences",),
            protects=True,
            both_ways=True,
        ),
        Field("url", "url"),
        Field("tags", "tags", computed=("tagsAll",)),
    ),
)
ROLE: Final = Kind(
    "role {role}",
    (("role", "name"),),
    "aws:iam/role:Role",
    after=(*_PROTECTION, BRANCH, WORKFLOW, PULL_REQUEST, VARIABLE, SECRET, OIDC_PROVIDER),
    missing="role/missing",
    fields=(
        Field(
            "trust",
            "assumeRolePolicy",
            ("role/other_repository", "role/subject", "role/trust"),
            protects=True,
            both_ways=True,
        ),
        Field("path", "path", ("role/path",)),
        Field(
            "permissions_boundary",
            "permissionsBoundary",
            ("role/permissions_boundary",),
            protects=True,
            both_ways=True,
        ),
        Field(
            "max_session_seconds",
            "maxSessionDuration",
            ("role/max_session_seconds",),
            protects=True,
            safer="less",
        ),
        Field("tags", "tags", rules=("role/tags",), computed=("tagsAll",)),
        Field("description", "description"),
        Field("force_detach", "forceDetachPolicies", live=False),
    ),
)
INLINE_POLICY: Final = Kind(
    "inline policy {name}",
    (("role", "role"), ("name", "name")),
    "aws:iam/rolePolicy:RolePolicy",
    ROLE,
    protects=True,
    missing="role/missing_inline_policy",
    extra="role/extra_inline_policy",
    fields=(Field("document", "policy", ("role/inline_policy",), protects=True, both_ways=True),),
)
MANAGED_POLICY: Final = Kind(
    "managed policy {arn}",
    (("role", "role"), ("arn", "policyArn")),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ROLE,
    protects=True,
    missing="role/missing_managed_policy",
    extra="role/extra_managed_policy",
)
INLINE_POLICY_LIST: Final = Kind(
    "inline policies",
    (("role", "roleName"),),
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive",
    ROLE,
    fields=(Field("policies", "policyNames"),),
    lists=INLINE_POLICY,
    after=(INLINE_POLICY, MANAGED_POLICY),
)
MANAGED_POLICY_LIST: Final = replace(
    INLINE_POLICY_LIST,
    words="managed policies",
    type="aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    fields=(Field("policies", "policyArns"),),
    lists=MANAGED_POLICY,
)
#: A role of an account that no declaration names.
OTHER_ROLE: Final = Kind(
    "role {role} of account {account}",
    (("role", ""), ("account", "")),
    fields=(Field("trust", rules=("role/other_trust",)),),
)
#: A resource in a plan whose type is none of the others'.
OTHER: Final = Kind("{type} {name}", (("type", ""), ("name", "")))

KINDS: Final = (
    *(REPOSITORY, ENVIRONMENT, BRANCH_POLICY, TAG_POLICY, OTHER_POLICY, CUSTOM_RULE),
    *(
        BRANCH,
        WORKFLOW,
        PULL_REQUEST,
        VARIABLE,
        SECRET,
        OIDC_PROVIDER,
        ROLE,
        INLINE_POLICY,
        MANAGED_POLICY,
    ),
    *(INLINE_POLICY_LIST, MANAGED_POLICY_LIST, OTHER_ROLE, OTHER),
)
#: By type token; deployment policies of branches and of tags have one.
BY_TYPE: Final = {
    token: tuple(kind for kind in KINDS if kind.type == token)
    for token in {kind.type for kind in KINDS if kind.type}
}
