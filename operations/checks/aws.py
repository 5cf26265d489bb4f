"""The checks of one AWS account: always six lines, even if AWS does not answer.

An account out of reach is no problem, so that a user who only has GitHub's token can run the
checks; its lines say that they were not asked. `operations.diff.accounts` says what the answers
mean.
"""

from collections.abc import Collection, Iterator
from typing import Final

from components.config.oidc_accounts import provider_problems
from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles
from components.model.stack import Account
from components.model.types import ENVIRONMENTS, EnvironmentName
from operations.checks.check import NONE, Check, judged, not_asked
from operations.diff.accounts import (
    declared_policies,
    declared_roles,
    missing_policies,
    new_roles,
    taken_names,
    too_many_roles,
)
from operations.live.account_facts import AccountFacts, read_facts
from operations.live.aws import OtherAccountError
from operations.live.observed import Observed, provider_tags
from operations.state.known_objects import Known
from operations.terminal.lists import counted
from operations.terminal.reason import reason

CREDENTIALS: Final = "credentials"
REGION: Final = "region"
PROVIDER: Final = "OIDC provider"
QUOTA: Final = "quota of roles"
NAMES: Final = "names of roles"
POLICIES: Final = "boundaries and policies"


def unasked(files: StackFiles, account: Account, why: str) -> Iterator[Check]:
    """The checks of an account that slipway did not ask."""
    of = f"account {account.account_id}"
    yield not_asked(CREDENTIALS, of, why)
    yield _region(of, files, account)
    for check in (PROVIDER, QUOTA, NAMES, POLICIES):
        yield not_asked(check, of, why)


def ask_account(files: StackFiles, account: Account) -> AccountFacts | ConfigurationError:
    """The answers of an account, or the error by which it gives none."""
    policies = {arn for _, arn in declared_policies(files, account)}
    try:
        return read_facts(account, declared_roles(files, account), policies)
    except ConfigurationError as error:
        return error


def account_checks(
    files: StackFiles,
    name: EnvironmentName,
    account: Account,
    facts: AccountFacts | ConfigurationError,
    known: Known | None,
) -> Iterator[Check]:
    """The checks of an account.

    Args:
        files: the declarations.
        name: the first environment that declares the account.
        account: the account.
        facts: its answers, or why there are none.
        known: the state; None if it is not known.
    """
    of = f"account {account.account_id}"
    if isinstance(facts, ConfigurationError):
        yield _unreached(files, name, of, facts)
        yield _region(of, files, account)
        for check in (PROVIDER, QUOTA, NAMES, POLICIES):
            yield not_asked(check, of, f"the account was not looked at, see {CREDENTIALS}")
        return
    role = account.read_role or account.assume_role
    yield judged(CREDENTIALS, of, (), f"they assume {role}" if role else "they are of this account")
    yield _region(of, files, account)
    yield _provider(files, name, account, facts, known)
    yield _quota(files, name, account, facts)
    yield _names(files, account, facts, None if known is None else known.roles)
    yield _policies(files, account, facts)


def _unreached(
    files: StackFiles, name: EnvironmentName, of: str, error: ConfigurationError
) -> Check:
    if isinstance(error, OtherAccountError):
        problem = files.settings_document.problem(("accounts", name, "account_id"), error.text)
        code = ExitCode.AUTHENTICATION
        return judged(CREDENTIALS, of, [problem], "they are of another account", code=code)
    why = f"the account was not looked at: {reason(error)}"
    return not_asked(CREDENTIALS, of, why, error.problems)


def _region(of: str, files: StackFiles, account: Account) -> Check:
    """The line with the declared regions; an unknown region is a problem of the declarations.

    The table of regions is botocore's; AWS is not asked.
    """
    each = map(files.stack.settings.account, ENVIRONMENTS)
    same = (one.region for one in each if one.account_id == account.account_id)
    regions = ", ".join(dict.fromkeys(same))
    return judged(REGION, of, (), f"{regions} of partition {account.partition}")


def _provider(
    files: StackFiles,
    name: EnvironmentName,
    account: Account,
    facts: AccountFacts,
    known: Known | None,
) -> Check:
    number = account.account_id
    tags = provider_tags(Observed({}, {number: facts.observed}))
    problems = list(provider_problems(files, tags))
    made, there = account.oidc_provider == "create", tags[number] is not None
    if made and there and not problems and known is not None and number not in known.providers:
        text = (
            "the account has GitHub's OIDC provider with this stack's tags, and Pulumi's state "
            "does not have it, so AWS would refuse a second one: write oidc_provider: existing, or "
            "delete it"
        )
        problems.append(files.settings_document.problem(("accounts", name, "oidc_provider"), text))
    answer = f"{'there' if there else 'not there'}, declared as {account.oidc_provider}"
    return judged(PROVIDER, f"account {number}", problems, answer)


def _quota(
    files: StackFiles, name: EnvironmentName, account: Account, facts: AccountFacts
) -> Check:
    of = f"account {account.account_id}"
    for action in ("iam:GetAccountSummary", "iam:GetRole"):
        if action in facts.denied:
            return not_asked(QUOTA, of, _denied(files, action))
    if facts.roles is None or facts.most_roles is None:
        return not_asked(QUOTA, of, "AWS does not tell it")
    new = new_roles(files, account, facts)
    more = counted(new, "is", "are") if new else "none is"
    answer = f"{facts.roles} of {facts.most_roles} exist, {more} to be made"
    return judged(QUOTA, of, list(too_many_roles(files, name, account, facts)), answer)


def _names(
    files: StackFiles, account: Account, facts: AccountFacts, known: Collection[str] | None
) -> Check:
    of = f"account {account.account_id}"
    if "iam:GetRole" in facts.denied:
        return not_asked(NAMES, of, _denied(files, "iam:GetRole"))
    taken = list(taken_names(files, account, facts, known))
    told_by = "by slipway's tags" if known is None else "by Pulumi's state"
    names = len(declared_roles(files, account))
    answer = f"{counted(names, 'name', 'names')}, {told_by}" if names else NONE
    stops = [one.problem for one in taken if one.stops]
    return judged(NAMES, of, stops, answer, notices=[one.problem for one in taken if not one.stops])


def _policies(files: StackFiles, account: Account, facts: AccountFacts) -> Check:
    of = f"account {account.account_id}"
    arns = {arn for _, arn in declared_policies(files, account)}
    missing = list(dict.fromkeys(missing_policies(files, account, facts)))
    if "iam:GetPolicy" in facts.denied and not missing:
        return not_asked(POLICIES, of, _denied(files, "iam:GetPolicy"))
    answer = counted(len(arns), "policy", "policies") if arns else NONE
    return judged(POLICIES, of, missing, answer)


def _denied(files: StackFiles, action: str) -> str:
    return f"{action} is denied; slipway rights {files.stack.name} has it"
