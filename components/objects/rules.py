"""The rules of drift: the meaning of each kind of finding, and whether and how it is repaired.

Programs know a finding by its rule's name. docs/drift.md has this table; a test fails when the two
differ (`python -m tests.operations.diff.documented` writes it). `kinds` says which kind or field a
rule is about.
"""

from typing import Final, NamedTuple

from components.objects.kinds import KINDS


class Rule(NamedTuple):
    """One row. The columns about previews and `up` are in brackets where no test tries them."""

    meaning: str
    seen: str
    """Whether a plain `pulumi preview` shows the difference."""
    repaired: str
    """Whether `up` repairs it: `yes`, `yes, refreshed`, with `--accept`, or `no`."""
    advice: str = ""
    """What a person does about it where slipway does nothing, as a part of a sentence."""


_UNDO: Final = "undo it there, declare it, or call it unmanaged"

RULES: Final = {
    "branch/missing": Rule(
        "A branch whose push deploys does not exist; `up` creates dev's only.",
        "yes",
        "yes",
        "create it there, or name another in `branches`",
    ),
    "branch/protection": Rule(
        "A branch that leads to prod has less protection than at the last `up`.",
        "(yes)",
        "(no)",
        "protect the branch again, or accept it: `slipway up STACK` lists an identifier "
        "for `--accept`; or call it unmanaged",
    ),
    "environment/admin_bypass": Rule(
        "Administrators may, or may not, bypass the protection rules.", "yes", "yes"
    ),
    "environment/branch_policy": Rule(
        "Any branch, or any protected one, may deploy instead of the declared ones.", "yes", "yes"
    ),
    "environment/extra_branch_policy": Rule(
        "A branch or tag pattern that is not declared may deploy.", "yes", "yes, refreshed", _UNDO
    ),
    "environment/extra_custom_rule": Rule(
        "A GitHub App that is not declared approves or rejects deployments.",
        "yes",
        "no",
        "declare the App, or disable its rule on GitHub",
    ),
    "environment/missing": Rule(
        "The environment does not exist; a job that names it gets it unprotected.", "yes", "yes"
    ),
    "environment/missing_branch_policy": Rule(
        "A declared branch or tag pattern may not deploy.", "yes", "yes"
    ),
    "environment/missing_custom_rule": Rule(
        "A declared GitHub App does not approve or reject deployments.",
        "yes",
        "no",
        "enable the App's rule on GitHub, which slipway never writes",
    ),
    "environment/other_reviewer": Rule(
        "Another user or team has taken the name of a declared reviewer.",
        "yes",
        "no",
        "give the name back to the former owner, or accept it: `slipway up STACK` lists an "
        "identifier for `--accept`",
    ),
    "environment/prevent_self_review": Rule(
        "The user who triggered a deployment may, or may not, approve it.", "yes", "yes"
    ),
    "environment/renamed_reviewer": Rule(
        "A reviewer whom slipway set has another name now.",
        "(yes, an error)",
        "(no)",
        "declare the new name",
    ),
    "environment/reviewer_access": Rule(
        "A reviewer has no access to the repository: GitHub drops the reviewer.",
        "(yes)",
        "(no)",
        "give the team access to the repository, or the user: to read is enough",
    ),
    "environment/reviewers": Rule(
        "Other reviewers than declared must approve; one of them suffices.", "yes", "yes, refreshed"
    ),
    "environment/unknown_reviewer": Rule(
        "Pulumi's provider cannot read the type of a reviewer.",
        "yes",
        "no",
        "take the reviewer out on GitHub: until then no refresh of the stack succeeds",
    ),
    "environment/unknown_rule": Rule(
        "GitHub has a protection rule of a type that slipway does not know.",
        "(yes)",
        "(no)",
        "see on GitHub what it does: slipway leaves it alone",
    ),
    "environment/wait_minutes": Rule(
        "A deployment may start earlier or later than declared.", "yes", "yes"
    ),
    "oidc_provider/audiences": Rule(
        "GitHub's OIDC provider in the account has other audiences.",
        "yes",
        "yes",
        "give the account's OIDC provider the audience that the finding names",
    ),
    "oidc_provider/missing": Rule(
        "The account has no OIDC provider for GitHub: no job can assume a role.",
        "(yes)",
        "(yes)",
        "make GitHub's OIDC provider there, or declare it `create`",
    ),
    "plan/create": Rule(
        "Pulumi would create an object that its state does not have.", "(yes)", "(yes)"
    ),
    "plan/delete": Rule(
        "Pulumi would delete an object that is not declared any more.", "(yes)", "(yes)"
    ),
    "plan/forget": Rule(
        "Pulumi's state has an archived repository that is not declared any more.",
        "(yes)",
        "(yes, refreshed)",
    ),
    "plan/replace": Rule("Pulumi would delete an object and create it again.", "(yes)", "(yes)"),
    "plan/update": Rule(
        "Pulumi would change a property that the observer does not compare.",
        "(with `--refresh`)",
        "(yes)",
    ),
    "repository/archived": Rule(
        "The repository is read-only: nothing in it can be changed.",
        "(yes, an error)",
        "(no)",
        "unarchive it, or remove its file",
    ),
    "repository/default_branch": Rule(
        "Prod's workflow runs on the default branch, which is another one now.",
        "yes",
        "no",
        "change the default branch back, or name it in prod's `deployment_branches`",
    ),
    "repository/extra_environment": Rule(
        "The repository has environments that are not declared.",
        "yes",
        "no",
        "delete it there, or call it unmanaged",
    ),
    "repository/missing": Rule(
        "GitHub shows no repository of that name.",
        "(yes, an error)",
        "(no)",
        "make it or restore it on GitHub, correct its name, or remove its file",
    ),
    "repository/renamed": Rule(
        "The repository has another name now.",
        "(yes, an error)",
        "(no)",
        "declare the new name, and the old one as `previously`",
    ),
    "repository/subject_claims": Rule(
        "Subjects of id-tokens are customised and not exact: no job can assume a role.",
        "(yes, an error)",
        "(no)",
        "make the template exact, or take it back on GitHub",
    ),
    "repository/subject_form": Rule(
        "GitHub sends another form of the subject than declared: no job can assume the role.",
        "(yes, an error)",
        "(no)",
        "declare `trust.subject: auto`, or `both` while it changes",
    ),
    "repository/transferred": Rule(
        "The repository has another owner now.",
        "(yes, an error)",
        "(no)",
        "transfer it back, or move it to a stack of its new owner (docs/offboarding.md)",
    ),
    "repository/visibility": Rule(
        "The repository was made public since the last `up`.",
        "yes",
        "no",
        "make it private again, or accept it: `slipway up STACK` lists an identifier for "
        "`--accept`",
    ),
    "role/extra_inline_policy": Rule(
        "The role has an inline policy that is not declared.",
        "yes",
        "yes",
        f"{_UNDO} (`deploy` is the name of slipway's own)",
    ),
    "role/extra_managed_policy": Rule(
        "The role has a managed policy attached that is not declared.", "yes", "yes", _UNDO
    ),
    "role/inline_policy": Rule(
        "An inline policy of the role allows more or less than declared.", "yes", "yes"
    ),
    "role/max_session_seconds": Rule(
        "Sessions of the role may last longer or shorter than declared.", "yes", "yes"
    ),
    "role/missing": Rule("The role does not exist: deployments cannot authenticate.", "yes", "yes"),
    "role/missing_inline_policy": Rule("The role lacks a declared inline policy.", "yes", "yes"),
    "role/missing_managed_policy": Rule(
        "The role lacks a declared managed policy.", "yes", "with `--accept`"
    ),
    "role/other_repository": Rule(
        "The role trusts a repository that had this name before.", "yes", "(with `--accept`)"
    ),
    "role/other_trust": Rule(
        "Jobs of the repository may assume another role of the account.",
        "yes",
        "no",
        "narrow its trust, delete it, or call it unmanaged",
    ),
    "role/path": Rule("The role has another path, so its ARN is another one.", "(yes)", "(yes)"),
    "role/permissions_boundary": Rule(
        "The role has another permissions boundary, or none.", "yes", "yes"
    ),
    "role/subject": Rule(
        "GitHub sends another form of the subject than the role trusts.", "yes", "yes"
    ),
    "role/tags": Rule("The role has other tags than declared.", "yes", "yes"),
    "role/trust": Rule(
        "Other jobs than the environment's can assume the role, or these cannot.",
        "yes",
        "yes",
    ),
    "secret/extra": Rule("The environment has a secret that is not declared.", "yes", "no", _UNDO),
    "secret/missing": Rule("A declared secret does not exist.", "yes", "yes"),
    "secret/missing_external": Rule(
        "A declared secret that another tool writes does not exist.",
        "yes",
        "no",
        "it is declared `external`: write it with the other tool",
    ),
    "secret/overwritten": Rule(
        "Another client wrote a secret's value after slipway did.", "yes", "yes, refreshed"
    ),
    "variable/extra": Rule(
        "The environment has a variable that is not declared.", "yes", "no", _UNDO
    ),
    "variable/missing": Rule("A declared variable does not exist.", "yes", "yes"),
    "variable/value": Rule("A variable has another value than declared.", "yes", "yes"),
    "workflow/content": Rule(
        "A workflow file was edited; its jobs use the environment's role.", "yes", "yes"
    ),
    "workflow/missing": Rule(
        "A workflow file does not exist on a branch that needs it.", "yes", "yes"
    ),
    "workflow/name": Rule(
        "A workflow has another name; workflows that wait for its runs never start.", "yes", "yes"
    ),
    "workflow/pull_request_closed": Rule(
        "The pull request with this content, or with this removal, was closed without merging.",
        "(no)",
        "(no)",
        "reopen it, or change the declaration: slipway opens none again for the same content",
    ),
    "workflow/pull_request_open": Rule(
        "A pull request brings the declared files, or removes those of an offboarded repository, "
        "and waits to be merged.",
        "(no)",
        "(no)",
        "review and merge it",
    ),
    "workflow/same_name": Rule(
        "Another workflow has the name whose runs lead to prod.",
        "yes",
        "no",
        "give it another name there",
    ),
    "workflow/unread": Rule(
        "More branches and tags may deploy than slipway reads.",
        "(yes)",
        "(no)",
        "admit fewer, or call workflows `*` unmanaged",
    ),
    "workflow/uses_environment": Rule(
        "Another workflow uses dev, test or prod, or cannot be read.",
        "yes",
        "no",
        "take it out there, or call it unmanaged",
    ),
}

#: Rules about additions that `slipway refresh` writes into Pulumi's state, so that the next `up`
#: deletes them. IAM's additions are removed by the lists of all policies.
ADDED: Final = frozenset(kind.extra for kind in KINDS if kind.extra and "github:" in kind.type)
#: Type tokens of their objects.
ADDED_TYPES: Final = frozenset(kind.type for kind in KINDS if kind.extra in ADDED and kind.type)


def advice(rule: str) -> str:
    """The action of a person on a finding of this rule that `up` would leave.

    There is one also for a rule that `up` repairs in general, because a plan may not repair it.
    """
    return RULES[rule].advice or "put it right there, `up` would leave it"
