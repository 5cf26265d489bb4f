"""Manual changes of the live world, each with the expected finding."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from components.documents.trust import trust_policy
from operations.live.observed import Observed, ObservedWorkflow
from tests.operations.diff import worlds

PROVIDER = "arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com"
ROLE = "role acme.billing-prod"
ANYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def trusting(*subjects: str) -> dict[str, Any]:
    """A trust policy of slipway's own form."""
    return trust_policy(PROVIDER, *subjects)


def like(pattern: str) -> dict[str, Any]:
    """A trust policy that admits a pattern of subjects."""
    text = json.dumps(trusting("repo:acme/billing:environment:prod"))
    wide = text.replace("StringEquals", "StringLike").replace(
        "repo:acme/billing:environment:prod", pattern
    )
    return dict(json.loads(wide))


def admitting(operator: str, wanted: str) -> str:
    """The conditions of such a policy, as a finding shows the differing part."""
    issuer = "token.actions.githubusercontent.com"
    return f"{operator} {issuer}:aud sts.amazonaws.com, {operator} {issuer}:sub {wanted}"


def prod(**changes: Any) -> Callable[[Observed], Observed]:
    """Return a change of the environment prod."""
    return lambda world: worlds.with_environment(world, "prod", **changes)


def role(**changes: Any) -> Callable[[Observed], Observed]:
    """Return a change of prod's role."""
    return lambda world: worlds.with_role(world, "333333333333", **changes)


def repository(**changes: Any) -> Callable[[Observed], Observed]:
    """Return a change of the repository's facts."""
    return lambda world: worlds.with_repository(world, **changes)


def workflow(branch: str, file: str, text: str | None) -> Callable[[Observed], Observed]:
    """Return a change of a workflow file."""
    found = None if text is None else ObservedWorkflow("0" * 40, text)
    return lambda world: worlds.with_workflow(world, branch, file, found)


class Case(NamedTuple):
    """A change of the live world, and the expected finding."""

    change: Callable[[Observed], Observed]
    #: `object | field | declared | live`.
    said: str
    direction: str
    repair: str


ALL = "octocat, team payments, team platform"
CASES = {
    "the last reviewer is gone": Case(
        prod(users=frozenset(), teams=frozenset(), prevent_self_review=False),
        f"environment prod | reviewers | {ALL} | ",
        "weaker",
        "refresh, then up",
    ),
    "one of several reviewers is gone": Case(
        prod(users=frozenset()),
        f"environment prod | reviewers | {ALL} | team payments, team platform",
        "stronger",
        "up",
    ),
    "one more may approve": Case(
        prod(users=frozenset({"octocat", "hubot"})),
        f"environment prod | reviewers | {ALL} | hubot, {ALL}",
        "weaker",
        "up",
    ),
    "somebody else may approve": Case(
        prod(users=frozenset({"hubot"})),
        f"environment prod | reviewers | {ALL} | hubot, team payments, team platform",
        "weaker",
        "up",
    ),
    "an enterprise's team may approve as well": Case(
        prod(other_reviewers=frozenset({"BusinessTeam ent:xyz"})),
        f"environment prod | reviewers | {ALL} | BusinessTeam ent:xyz, {ALL}",
        "weaker",
        "by hand",
    ),
    "an enterprise's team is the only reviewer": Case(
        lambda world: worlds.with_environment(
            world, "dev", other_reviewers=frozenset({"BusinessTeam ent:xyz"})
        ),
        "environment dev | reviewers |  | BusinessTeam ent:xyz",
        "stronger",
        "by hand",
    ),
    "a rule of a kind that nobody knows": Case(
        prod(other_rules=frozenset({"moon_phase"})),
        "environment prod | protection rules |  | moon_phase",
        "neutral",
        "by hand",
    ),
    "a pattern of a kind that nobody knows": Case(
        prod(other_patterns=frozenset({("commit", "abc*")})),
        "environment prod, commit policy abc* |  |  | abc*",
        "weaker",
        "by hand",
    ),
    "a branch policy that nobody knows": Case(
        prod(branch_policy="unknown", branches={}, tags={}),
        "environment prod | deployment_branches | main | a policy that is not known here",
        "weaker",
        "up",
    ),
    "a shorter wait": Case(
        prod(wait_minutes=5), "environment prod | wait_minutes | 10 | 5", "weaker", "up"
    ),
    "a longer wait": Case(
        prod(wait_minutes=11), "environment prod | wait_minutes | 10 | 11", "stronger", "up"
    ),
    "who triggered may approve": Case(
        prod(prevent_self_review=False),
        "environment prod | prevent_self_review | true | false",
        "weaker",
        "up",
    ),
    "administrators may pass": Case(
        prod(admin_bypass=True), "environment prod | admin_bypass | false | true", "weaker", "up"
    ),
    "an App that is expected does not approve any more": Case(
        prod(custom_rules=frozenset()),
        "environment prod, custom deployment protection rule change-gate |  | enabled | ",
        "weaker",
        "by hand",
    ),
    "one more App approves": Case(
        prod(custom_rules=frozenset({"change-gate", "datadog-ci-gate"})),
        "environment prod, custom deployment protection rule datadog-ci-gate |  |  | enabled",
        "stronger",
        "by hand",
    ),
    "any branch may deploy": Case(
        prod(branch_policy="any", branches={}, tags={}),
        "environment prod | deployment_branches | main | any branch",
        "weaker",
        "up",
    ),
    "protected branches may deploy": Case(
        prod(branch_policy="protected", branches={}, tags={}),
        "environment prod | deployment_branches | main | protected branches",
        "weaker",
        "up",
    ),
    "one more branch may deploy": Case(
        prod(branches={"main": 0, "hotfix/*": 5}),
        "environment prod, branch policy hotfix/* |  |  | hotfix/*",
        "weaker",
        "refresh, then up",
    ),
    "no tag may deploy": Case(
        prod(tags={}), "environment prod, tag policy v* |  | v* | ", "stronger", "up"
    ),
    "an environment is gone": Case(
        lambda world: worlds.with_repository(
            world,
            environments={
                name: found
                for name, found in world.repositories["billing"].environments.items()  # type: ignore[union-attr]  # it is there
                if name != "prod"
            },
        ),
        "environment prod |  | there | ",
        "weaker",
        "up",
    ),
    "a variable is gone": Case(
        prod(variables={"AWS_REGION": "eu-west-1", "LOG_LEVEL": "warning"}),
        "environment prod, variable AWS_ROLE_ARN |  | "
        "arn:aws:iam::333333333333:role/slipway/acme.billing-prod | ",
        "neutral",
        "up",
    ),
    "a secret was overwritten": Case(
        prod(secrets={"DATABASE_URL": worlds.WRITTEN + timedelta(seconds=1)}),
        "environment prod, secret DATABASE_URL | value | written 2026-11-01 12:00:00 UTC | "
        "overwritten 2026-11-01 12:00:01 UTC",
        "weaker",
        "refresh, then up",
    ),
    "a secret is gone": Case(
        prod(secrets={}),
        "environment prod, secret DATABASE_URL |  | there | ",
        "neutral",
        "up",
    ),
    "a secret more": Case(
        prod(secrets={"DATABASE_URL": worlds.WRITTEN, "TOKEN": worlds.WRITTEN}),
        "environment prod, secret TOKEN |  |  | there since 2026-11-01 12:00 UTC",
        "neutral",
        "by hand",
    ),
    "trust by a pattern": Case(
        role(trust=like("repo:acme/*:environment:prod")),
        f"{ROLE} | trust | {admitting('StringEquals', 'repo:acme/billing:environment:prod')}"
        f" | {admitting('StringLike', 'repo:acme/*:environment:prod')}",
        "weaker",
        "up",
    ),
    "trust in the older form of the subject": Case(
        repository(subject_prefix="repo:acme@1/billing@7"),
        "role acme.billing-dev | trust | repo:acme@1/billing@7:environment:dev | "
        "repo:acme/billing:environment:dev",
        "neutral",
        "up",
    ),
    "a boundary is gone": Case(
        role(permissions_boundary=None),
        f"{ROLE} | permissions_boundary | arn:aws:iam::333333333333:policy/deployments | ",
        "weaker",
        "up",
    ),
    "longer sessions": Case(
        role(max_session_seconds=7200),
        f"{ROLE} | max_session_seconds | 3600 | 7200",
        "weaker",
        "up",
    ),
    "one more managed policy": Case(
        role(
            managed_policies=frozenset(
                {
                    "arn:aws:iam::aws:policy/ReadOnlyAccess",
                    "arn:aws:iam::aws:policy/PowerUserAccess",
                }
            )
        ),
        f"{ROLE}, managed policy arn:aws:iam::aws:policy/PowerUserAccess |  |  | attached",
        "weaker",
        "up",
    ),
    "a managed policy is gone": Case(
        role(managed_policies=frozenset()),
        f"{ROLE}, managed policy arn:aws:iam::aws:policy/ReadOnlyAccess |  | attached | ",
        "stronger",
        "up",
    ),
    "another path": Case(role(path="/"), f"{ROLE} | path | /slipway/ | /", "neutral", "up"),
    "a workflow is gone": Case(
        workflow("develop", "python-dev.yml", None),
        "python-dev.yml on develop |  | there | ",
        "neutral",
        "up",
    ),
    "another workflow deploys": Case(
        workflow("main", "deploy.yml", worlds.FOREIGN % "{name: Prod, url: x}"),
        "deploy.yml on main | uses environment |  | prod",
        "weaker",
        "by hand",
    ),
    "another workflow may deploy anywhere": Case(
        workflow("main", "deploy.yml", worlds.FOREIGN % "${{ inputs.where }}"),
        "deploy.yml on main | uses environment |  | dev, prod, test",
        "weaker",
        "by hand",
    ),
    "another workflow has the name that prod waits for": Case(
        workflow("main", "ci.yml", "name: python-test\non: push\njobs: {}\n"),
        "ci.yml on main | name |  | python-test",
        "weaker",
        "by hand",
    ),
    "another environment": Case(
        repository(other_environments=("staging",)),
        "repository | other environments |  | staging",
        "neutral",
        "by hand",
    ),
    "renamed": Case(
        repository(full_name="acme/invoices"),
        "repository | name | acme/billing | acme/invoices",
        "weaker",
        "by hand",
    ),
    "archived": Case(
        repository(archived=True), "repository | archived | false | true", "neutral", "by hand"
    ),
    "another default branch, which prod does not admit": Case(
        repository(default_branch="develop"),
        "repository | default branch | main | develop",
        "stronger",
        "by hand",
    ),
    "customised subjects": Case(
        repository(subject_claims=("repo", "actor")),
        "repository | subject claims | default | repo, actor",
        "neutral",
        "by hand",
    ),
    "one more audience": Case(
        lambda world: worlds.with_account(
            world, "111111111111", oidc_audiences=frozenset({"sts.amazonaws.com", "other"})
        ),
        "OIDC provider of account 111111111111 | audiences | sts.amazonaws.com | "
        "other, sts.amazonaws.com",
        "weaker",
        "up",
    ),
    "our audience is gone": Case(
        lambda world: worlds.with_account(
            world, "333333333333", oidc_audiences=frozenset({"other"})
        ),
        "OIDC provider of account 333333333333 | audiences | sts.amazonaws.com | other",
        "stronger",
        "by hand",
    ),
}
WRITTEN = {("billing", "prod", "DATABASE_URL"): worlds.WRITTEN}
