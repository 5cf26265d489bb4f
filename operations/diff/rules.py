"""What each kind of finding means, and what a person does about it where slipway does nothing.

By the stable names that programs know them by.
"""

from typing import Final

RULES: Final = {
    "branch/missing": "A branch whose push deploys is not there.",
    "branch/protection": "Less stands before a push that leads to prod than at the last `up`.",
    "environment/admin_bypass": "Administrators may, or may not, deploy past the protection rules.",
    "environment/branch_policy": "Any branch, or any protected one, may deploy, not the declared.",
    "environment/extra_branch_policy": "A branch or tag pattern may deploy that nobody declared.",
    "environment/missing": "The environment is not there; a job that names it gets it unprotected.",
    "environment/missing_branch_policy": "A declared branch or tag pattern may not deploy.",
    "environment/other_reviewer": "A reviewer has a declared name, and is another than was given.",
    "environment/prevent_self_review": "Who triggered a deployment may, or may not, approve it.",
    "environment/renamed_reviewer": "A reviewer whom slipway gave has another name now.",
    "environment/reviewer_access": "A reviewer has no access to the repository: GitHub drops it.",
    "environment/reviewers": "Others than declared must approve; one of them suffices.",
    "environment/unknown_reviewer": "Reviewers are of a kind that Pulumi's provider cannot read.",
    "environment/unknown_rule": "GitHub has a protection rule that slipway does not know.",
    "environment/wait_minutes": "A deployment may start earlier or later than declared.",
    "oidc_provider/audiences": "GitHub's OIDC provider in the account is for other audiences.",
    "oidc_provider/missing": "The account has no OIDC provider for GitHub: no role can be assumed.",
    "plan/create": "Pulumi would make what is not in its state, be it there or not.",
    "plan/delete": "Pulumi would delete what nobody declares any more.",
    "plan/forget": "Pulumi's state knows an archived repository that nobody declares any more.",
    "plan/replace": "Pulumi would delete an object and make it again.",
    "plan/update": "Pulumi would change what the observer does not look at.",
    "repository/archived": "The repository is read-only: nothing in it can be changed.",
    "repository/default_branch": "Prod's workflow runs on the default branch, and it is another.",
    "repository/extra_environment": "The repository has environments that nobody declared.",
    "repository/missing": "GitHub shows no repository of that name.",
    "repository/renamed": "The repository has another name now.",
    "repository/subject_claims": "Subjects of id-tokens are customised: no role can be assumed.",
    "repository/transferred": "The repository has another owner now.",
    "repository/visibility": "The repository was made public since the last `up`.",
    "role/extra_inline_policy": "The role has an inline policy that nobody declared.",
    "role/extra_managed_policy": "The role has a managed policy attached that nobody declared.",
    "role/inline_policy": "An inline policy of the role allows more or less than declared.",
    "role/max_session_seconds": "Sessions of the role may last longer or shorter than declared.",
    "role/missing": "The role is not there: deployments cannot authenticate.",
    "role/missing_inline_policy": "The role lacks a declared inline policy.",
    "role/missing_managed_policy": "The role lacks a declared managed policy.",
    "role/other_repository": "The role trusts a repository that had this name before.",
    "role/other_trust": "Another role of the account may be assumed by jobs of the repository.",
    "role/path": "The role is below another path, so its ARN is another one.",
    "role/permissions_boundary": "Another boundary, or none, caps what the role can do.",
    "role/subject": "GitHub sends another form of the subject than the role trusts.",
    "role/tags": "The role has other tags than declared.",
    "role/trust": "The role can be assumed by others than the environment's jobs, or not by them.",
    "secret/extra": "The environment has a secret that nobody declared.",
    "secret/missing": "A declared secret is not there.",
    "secret/missing_external": "A declared secret that somebody else writes is not there.",
    "secret/overwritten": "Somebody wrote a secret's value after slipway did.",
    "variable/extra": "The environment has a variable that nobody declared.",
    "variable/missing": "A declared variable is not there.",
    "variable/value": "A variable has another value than declared.",
    "workflow/content": "A workflow file was edited; it runs with the environment's role.",
    "workflow/missing": "A workflow file is not on a branch that needs it.",
    "workflow/name": "A workflow has another name; what waits for its runs waits for nothing.",
    "workflow/same_name": "A foreign workflow has the name whose runs lead to prod.",
    "workflow/unread": "More branches and tags may deploy than were looked at.",
    "workflow/uses_environment": "A foreign workflow uses dev, test or prod, or cannot be read.",
}

#: What `slipway refresh` tells Pulumi's state so that the next `up` deletes it.
ADDED: Final = frozenset(
    {"environment/extra_branch_policy", "secret/extra", "variable/extra"},
)
_UNDO_OR_UNMANAGED: Final = "undo it there, declare it, or call it unmanaged"
#: What a person does about it, where slipway would not.
_BY_HAND: Final = {
    "branch/protection": (
        "protect the branch again, accept it with `slipway up STACK --accept`, or call it unmanaged"
    ),
    "environment/extra_branch_policy": _UNDO_OR_UNMANAGED,
    "environment/other_reviewer": (
        "give the name back to whom it was, or accept it with `slipway up STACK --accept`"
    ),
    "environment/renamed_reviewer": "declare the new name",
    "environment/reviewer_access": (
        "give the team access to the repository, or the user: to read is enough"
    ),
    "environment/unknown_reviewer": (
        "take the reviewer out on GitHub: until then no refresh of the stack succeeds"
    ),
    "environment/unknown_rule": "see on GitHub what it does: slipway leaves it alone",
    "oidc_provider/audiences": "give the account's OIDC provider the audience sts.amazonaws.com",
    "oidc_provider/missing": "make GitHub's OIDC provider there, or declare it `create`",
    "repository/archived": "unarchive it, or remove its file",
    "repository/default_branch": (
        "change the default branch back, or name it in prod's `deployment_branches`"
    ),
    "repository/extra_environment": "delete it there, or call it unmanaged",
    "repository/missing": "make it or restore it on GitHub, correct its name, or remove its file",
    "repository/renamed": "declare the new name, and the old one as `previously`",
    "repository/subject_claims": "take back the customisation on GitHub",
    "repository/transferred": (
        "transfer it back, or remove its file and adopt it in a stack of its new owner"
    ),
    "repository/visibility": (
        "make it private again, or accept it with `slipway up STACK --accept`"
    ),
    "role/extra_inline_policy": f"{_UNDO_OR_UNMANAGED} (`deploy` is the name of slipway's own)",
    "role/extra_managed_policy": _UNDO_OR_UNMANAGED,
    "role/other_trust": "narrow its trust, delete it, or call it unmanaged",
    "secret/extra": _UNDO_OR_UNMANAGED,
    "secret/missing_external": "it is declared `external`: whoever writes it has to",
    "variable/extra": _UNDO_OR_UNMANAGED,
    "workflow/same_name": "give it another name there",
    "workflow/unread": "admit fewer, or call workflows `*` unmanaged",
    "workflow/uses_environment": "take it out there, or call it unmanaged",
}


def by_hand(rule: str) -> str:
    """What a person does about a finding of this rule whose repair is by hand, as a sentence part.

    Also of a rule that `up` repairs as a rule, for where its plan shows that it would not.
    """
    return _BY_HAND.get(rule, "put it right there, `up` would leave it")
