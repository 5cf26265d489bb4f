"""Changes of environments and of the objects in them, each of another object; and of a branch."""

from functools import partial

from tests.e2e.tampering import hands
from tests.e2e.tampering.tampers import Tamper, by_hand, github

environment = partial(by_hand, hands.environment)


def policy_flags(**flags: bool) -> dict[str, bool]:
    """GitHub's two flags of a deployment branch policy."""
    return {"protected_branches": False, "custom_branch_policies": False} | flags


#: Changes of environments and of the objects in them, and of a branch, whose deletion would also
#: delete a file.
GITHUB = {
    "last reviewer removed": Tamper(
        environment("billing/prod", reviewers=[]),
        "billing | environment prod | reviewers",
        "weaker",
        "refresh, then up",
    ),
    "reviewer added": Tamper(
        environment("payments/prod", reviewers=["Team payments", "User octocat", "User hubot"]),
        "payments | environment prod | reviewers",
        "weaker",
        "up",
    ),
    "a GitHub App does not approve any more": Tamper(
        by_hand(hands.disable_app, "billing/prod", "change-gate"),
        "billing | environment prod, custom deployment protection rule change-gate | ",
        "weaker",
        "by hand",
        by_hand(hands.enable_app, "billing/prod", "change-gate"),
    ),
    "one more GitHub App approves": Tamper(
        by_hand(hands.enable_app, "payments/dev", "datadog-ci-gate"),
        "payments | environment dev, custom deployment protection rule datadog-ci-gate | ",
        "stronger",
        "by hand",
        by_hand(hands.disable_app, "payments/dev", "datadog-ci-gate"),
    ),
    "wait timer off": Tamper(
        environment("payments/prod", wait_timer=0),
        "payments | environment prod | wait_minutes",
        "weaker",
        "up",
    ),
    "reviewer exchanged": Tamper(
        environment("legacy-reports/prod", reviewers=["User hubot"]),
        "legacy-reports | environment prod | reviewers",
        "weaker",
        "up",
    ),
    "self review allowed": Tamper(
        environment("legacy-reports/prod", prevent_self_review=False),
        "legacy-reports | environment prod | prevent_self_review",
        "weaker",
        "up",
    ),
    "administrators may bypass": Tamper(
        environment("legacy-reports/prod", can_admins_bypass=True),
        "legacy-reports | environment prod | admin_bypass",
        "weaker",
        "up",
    ),
    "wait timer made longer": Tamper(
        environment("legacy-reports/prod", wait_timer=20),
        "legacy-reports | environment prod | wait_minutes",
        "stronger",
        "up",
    ),
    "reviewers where none are declared": Tamper(
        environment("payments/test", reviewers=["User hubot"]),
        "payments | environment test | reviewers",
        "stronger",
        "up",
    ),
    "any branch may deploy": Tamper(
        environment("billing/test", deployment_branch_policy=None),
        "billing | environment test | deployment_branches",
        "weaker",
        "up",
    ),
    "protected branches may deploy": Tamper(
        environment("billing/dev", deployment_branch_policy=policy_flags(protected_branches=True)),
        "billing | environment dev | deployment_branches",
        "weaker",
        "up",
    ),
    "branch pattern added": Tamper(
        by_hand(hands.add_pattern, "billing/prod", "hotfix/*"),
        "billing | environment prod, branch policy hotfix/* | ",
        "weaker",
        "refresh, then up",
    ),
    "pattern * on prod": Tamper(
        by_hand(hands.add_pattern, "legacy-reports/prod", "*"),
        "legacy-reports | environment prod, branch policy * | ",
        "weaker",
        "refresh, then up",
    ),
    "branch pattern edited": Tamper(
        by_hand(hands.edit_pattern, "payments/prod", "main", "*"),
        "payments | environment prod, branch policy * | ",
        "weaker",
        "up",
    ),
    "branch pattern removed": Tamper(
        by_hand(hands.remove_pattern, "payments/test", "main"),
        "payments | environment test, branch policy main | ",
        "stronger",
        "up",
    ),
    "tag pattern removed": Tamper(
        by_hand(hands.remove_pattern, "payments/prod", "v*"),
        "payments | environment prod, tag policy v* | ",
        "stronger",
        "up",
    ),
    "tag pattern added": Tamper(
        by_hand(hands.add_pattern, "legacy-reports/test", "x*", "tag"),
        "legacy-reports | environment test, tag policy x* | ",
        "weaker",
        "refresh, then up",
    ),
    "environment deleted": Tamper(
        github("DELETE", "repos/acme/legacy-reports/environments/dev"),
        "legacy-reports | environment dev | ",
        "weaker",
        "up",
    ),
    "environment added": Tamper(
        github("PUT", "repos/acme/billing/environments/staging", {}),
        "billing | repository | other environments",
        "neutral",
        "by hand",
        github("DELETE", "repos/acme/billing/environments/staging"),
    ),
    "variable changed": Tamper(
        by_hand(hands.variable, "payments/dev", "LOG_LEVEL", "trace"),
        "payments | environment dev, variable LOG_LEVEL | value",
        "neutral",
        "up",
    ),
    "role variable changed": Tamper(
        by_hand(hands.variable, "payments/dev", "AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/x"),
        "payments | environment dev, variable AWS_ROLE_ARN | value",
        "weaker",
        "up",
    ),
    "variable deleted": Tamper(
        by_hand(hands.variable, "payments/prod", "LOG_LEVEL", None),
        "payments | environment prod, variable LOG_LEVEL | ",
        "neutral",
        "up",
    ),
    "variable added": Tamper(
        by_hand(hands.variable, "payments/test", "DEBUG", "1"),
        "payments | environment test, variable DEBUG | ",
        "neutral",
        "by hand",
        by_hand(hands.variable, "payments/test", "DEBUG", None),
    ),
    "secret overwritten": Tamper(
        by_hand(hands.secret, "payments/prod", "STRIPE_API_KEY", "somebody-elses"),
        "payments | environment prod, secret STRIPE_API_KEY | value",
        "weaker",
        "refresh, then up",
    ),
    "secret deleted": Tamper(
        by_hand(hands.secret, "payments/prod", "DATABASE_URL", None),
        "payments | environment prod, secret DATABASE_URL | ",
        "neutral",
        "up",
    ),
    "secret added": Tamper(
        by_hand(hands.secret, "billing/prod", "TOKEN", "somebody-elses"),
        "billing | environment prod, secret TOKEN | ",
        "neutral",
        "by hand",
        by_hand(hands.secret, "billing/prod", "TOKEN", None),
    ),
    "trigger branch deleted": Tamper(
        github("DELETE", "repos/acme/billing/git/refs/heads/develop"),
        "billing | branch develop | ",
        "neutral",
        "up",
    ),
}
