"""The kinds of objects that slipway manages or reports: one row each, and the only list of them.

Whatever enumerates kinds or their fields reads this table: the comparison with the live world, the
names in plans, the guard, adoption, and the corrections of Pulumi's state. docs/contributing.md
shows how a kind is added.

Deliberately absent: how an object is provisioned (`components.resources`), how it is read
(`operations.live`), and which objects a declaration asks for (`desired`).
"""

from typing import Final

from components.objects.kind import Field, Kind

REPOSITORY: Final = Kind(
    "repository",
    "repository",
    missing="repository/missing",
    rules=("plan/forget", "workflow/unread"),
    fields=(
        Field("name", rules=("repository/renamed", "repository/transferred")),
        Field("archived", rules=("repository/archived",)),
        Field("subject claims", rules=("repository/subject_claims",)),
        Field("default branch", rules=("repository/default_branch",)),
        Field("other environments", rules=("repository/extra_environment",)),
        Field("visibility", rules=("repository/visibility",)),
    ),
)
ENVIRONMENT: Final = Kind(
    "environment",
    "environment {environment}",
    (("environment", "environment"),),
    "github:index/repositoryEnvironment:RepositoryEnvironment",
    missing="environment/missing",
    fields=(
        Field(
            "reviewers",
            "reviewers",
            protects=True,
            refreshed=False,
            both_ways=True,
            rules=(
                "environment/other_reviewer",
                "environment/renamed_reviewer",
                "environment/reviewer_access",
                "environment/reviewers",
                "environment/unknown_reviewer",
            ),
        ),
        Field(
            "wait_minutes",
            "waitTimer",
            protects=True,
            safer="more",
            rules=("environment/wait_minutes",),
        ),
        Field(
            "prevent_self_review",
            "preventSelfReview",
            protects=True,
            safer="more",
            refreshed=False,
            imported=False,
            rules=("environment/prevent_self_review",),
        ),
        Field(
            "admin_bypass",
            "canAdminsBypass",
            protects=True,
            safer="less",
            rules=("environment/admin_bypass",),
        ),
        Field(
            "deployment_branches",
            "deploymentBranchPolicy",
            protects=True,
            both_ways=True,
            rules=("environment/branch_policy",),
        ),
        Field("protection rules", rules=("environment/unknown_rule",)),
    ),
)
_POLICY: Final = (
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
)
BRANCH_POLICY: Final = Kind(
    "branch policy",
    "branch policy {pattern}",
    (("pattern", "branchPattern"),),
    _POLICY,
    ENVIRONMENT,
    protects=True,
    missing="environment/missing_branch_policy",
    extra="environment/extra_branch_policy",
    deleted_with=True,
)
TAG_POLICY: Final = Kind(
    "tag policy",
    "tag policy {pattern}",
    (("pattern", "tagPattern"),),
    _POLICY,
    ENVIRONMENT,
    protects=True,
    missing="environment/missing_branch_policy",
    extra="environment/extra_branch_policy",
    deleted_with=True,
)
#: Patterns of types that GitHub's documentation does not have.
OTHER_POLICY: Final = Kind(
    "other policy",
    "{type} policy {pattern}",
    (("type", ""), ("pattern", "")),
    parent=ENVIRONMENT,
    extra="environment/extra_branch_policy",
)
_PROTECTION: Final = (ENVIRONMENT, BRANCH_POLICY, TAG_POLICY)
#: A rule of a GitHub App, which the provider has no resource for.
CUSTOM_RULE: Final = Kind(
    "custom deployment protection rule",
    "custom deployment protection rule {app}",
    (("app", ""),),
    parent=ENVIRONMENT,
    missing="environment/missing_custom_rule",
    extra="environment/extra_custom_rule",
)
BRANCH: Final = Kind(
    "branch",
    "branch {branch}",
    (("branch", "branch"),),
    "github:index/branch:Branch",
    missing="branch/missing",
    after=_PROTECTION,
    fields=(
        Field("source", "sourceBranch", refreshed=False),
        Field("protection", rules=("branch/protection",)),
    ),
)
WORKFLOW: Final = Kind(
    "workflow",
    "{file} on {branch}",
    (("file", "file"), ("branch", "branch")),
    "github:index/repositoryFile:RepositoryFile",
    BRANCH,
    prefixed=False,
    missing="workflow/missing",
    rules=("workflow/same_name", "workflow/uses_environment"),
    after=_PROTECTION,
    fields=(
        Field("content", "content", rules=("workflow/content", "workflow/name")),
        Field("commit", "commitMessage", imported=False),
        Field("overwrite", "overwriteOnCreate", imported=False, unread=False),
    ),
)
VARIABLE: Final = Kind(
    "variable",
    "variable {name}",
    (("name", "variableName"),),
    "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
    ENVIRONMENT,
    folded=frozenset({"name"}),
    after=(BRANCH, WORKFLOW),
    missing="variable/missing",
    extra="variable/extra",
    fields=(Field("value", "value", rules=("variable/value",)),),
)
SECRET: Final = Kind(
    "secret",
    "secret {name}",
    (("name", "secretName"),),
    "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
    ENVIRONMENT,
    folded=frozenset({"name"}),
    after=(BRANCH, WORKFLOW),
    missing="secret/missing",
    extra="secret/extra",
    rules=("secret/missing_external",),
    fields=(
        Field("value", "value", refreshed=False, imported=False, rules=("secret/overwritten",)),
    ),
)
OIDC_PROVIDER: Final = Kind(
    "OIDC provider",
    "OIDC provider of account {account}",
    (("account", ""),),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    missing="oidc_provider/missing",
    fields=(
        Field(
            "audiences",
            "clientIdLists",
            protects=True,
            both_ways=True,
            rules=("oidc_provider/audiences",),
        ),
        Field("url", "url"),
        Field("tags", "tags", computed=("tagsAll",)),
    ),
)
ROLE: Final = Kind(
    "role",
    "role {role}",
    (("role", "name"),),
    "aws:iam/role:Role",
    after=(*_PROTECTION, BRANCH, WORKFLOW, VARIABLE, SECRET, OIDC_PROVIDER),
    missing="role/missing",
    fields=(
        Field(
            "trust",
            "assumeRolePolicy",
            protects=True,
            both_ways=True,
            rules=("role/other_repository", "role/subject", "role/trust"),
        ),
        Field("path", "path", rules=("role/path",)),
        Field(
            "permissions_boundary",
            "permissionsBoundary",
            protects=True,
            both_ways=True,
            rules=("role/permissions_boundary",),
        ),
        Field(
            "max_session_seconds",
            "maxSessionDuration",
            protects=True,
            safer="less",
            rules=("role/max_session_seconds",),
        ),
        Field("tags", "tags", rules=("role/tags",), computed=("tagsAll",)),
        Field("description", "description"),
        Field("force_detach", "forceDetachPolicies", live=False),
    ),
)
INLINE_POLICY: Final = Kind(
    "inline policy",
    "inline policy {name}",
    (("role", "role"), ("name", "name")),
    "aws:iam/rolePolicy:RolePolicy",
    ROLE,
    protects=True,
    missing="role/missing_inline_policy",
    extra="role/extra_inline_policy",
    fields=(
        Field("document", "policy", protects=True, both_ways=True, rules=("role/inline_policy",)),
    ),
)
MANAGED_POLICY: Final = Kind(
    "managed policy",
    "managed policy {arn}",
    (("role", "role"), ("arn", "policyArn")),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ROLE,
    protects=True,
    missing="role/missing_managed_policy",
    extra="role/extra_managed_policy",
)
INLINE_POLICY_LIST: Final = Kind(
    "list of inline policies",
    "inline policies",
    (("role", "roleName"),),
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive",
    ROLE,
    fields=(Field("policies", "policyNames"),),
    lists=INLINE_POLICY,
    after=(INLINE_POLICY, MANAGED_POLICY),
)
MANAGED_POLICY_LIST: Final = Kind(
    "list of managed policies",
    "managed policies",
    (("role", "roleName"),),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    ROLE,
    fields=(Field("policies", "policyArns"),),
    lists=MANAGED_POLICY,
    after=(INLINE_POLICY, MANAGED_POLICY),
)
#: A role of an account that no declaration names.
OTHER_ROLE: Final = Kind(
    "other role",
    "role {role} of account {account}",
    (("role", ""), ("account", "")),
    fields=(Field("trust", rules=("role/other_trust",)),),
)
#: A resource in a plan whose type is none of the others'.
OTHER: Final = Kind("other", "{type} {name}", (("type", ""), ("name", "")))

KINDS: Final = (
    *(REPOSITORY, ENVIRONMENT, BRANCH_POLICY, TAG_POLICY, OTHER_POLICY, CUSTOM_RULE),
    *(BRANCH, WORKFLOW, VARIABLE, SECRET, OIDC_PROVIDER, ROLE, INLINE_POLICY, MANAGED_POLICY),
    *(INLINE_POLICY_LIST, MANAGED_POLICY_LIST, OTHER_ROLE, OTHER),
)
#: By type token; deployment policies of branches and of tags have one.
BY_TYPE: Final = {
    token: tuple(kind for kind in KINDS if kind.type == token)
    for token in {kind.type for kind in KINDS if kind.type}
}
