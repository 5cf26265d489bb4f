"""The plan of a stack's owner, asked for or stated, and declared rules that it does not have.

GitHub tells an organisation's plan only to its owners (docs.github.com: get an organization): to
their classic token with `admin:org`, and to an App with the permission `Plan`. For any other token
`plan` in the stack's file states it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.model.live import Live
from components.model.plan import Offered, Plan, asked_rules, known_plan
from operations.live.github.api import GitHub


def read_plan(github: GitHub, owner: str) -> Plan | None:
    """The owner's plan; None if GitHub does not tell it to this token.

    On ghe.com and on an Enterprise Server there are no other plans than Enterprise.

    Raises:
        ConfigurationError: GitHub is out of reach.
    """
    if github.host.is_enterprise:
        return "enterprise"
    account = _shown(github, f"orgs/{owner}")
    if account is None:
        # GitHub tells a user's plan to this user only.
        account = _shown(github, "user") or {}
        if str(account.get("login")).lower() != owner.lower():
            return None
    return known_plan((account.get("plan") or {}).get("name"))


def _shown(github: GitHub, path: str) -> Mapping[str, Any] | None:
    """An account as GitHub shows it; None if it does not exist, or GitHub refuses."""
    try:
        found: Mapping[str, Any] | None = github.account(path)
    except ConfigurationError as error:
        if error.exit_code is not ExitCode.AUTHENTICATION:
            raise
        return None
    return found


def stated_otherwise(files: StackFiles, told: Plan | None) -> Iterator[Problem]:
    """A problem if the stack states another plan than GitHub tells."""
    stated = files.stack.settings.plan
    if told and stated and told != stated:
        text = (
            f"found {stated!r}, and GitHub says that the owner has {told!r}: correct or remove it"
        )
        yield files.settings_document.problem(("plan",), text)


def unknown_plan(files: StackFiles, live: Live) -> Iterator[Problem]:
    """A problem if the plan is unknown and would make a difference.

    `slipway validate --live` has it as a problem; every other command has it as a note.
    """
    if live.plan is None:
        names = [
            one.name
            for one in files.stack.repositories
            if one.name in live.repositories
            and one.environment_names
            and not live.offered(one.name).public
        ]
        if names:
            owner = files.stack.settings.owner
            text = (
                f"the plan of {owner} is not known, as GitHub tells it to owners alone, and "
                f"{_listed(names)} not public: every protection rule is expected there, as on "
                "Enterprise; state the plan, as in `plan: enterprise`, `team`, `pro` or `free`"
            )
            yield files.settings_document.problem(("owner",), text)


def plan_problems(files: StackFiles, offered: Mapping[str, Offered]) -> Iterator[Problem]:
    """Every declared rule that GitHub does not offer, once for each place that declares it.

    Args:
        files: the stack's declarations.
        offered: by name of a declared repository; one that was not read is absent.
    """
    owner = files.stack.settings.owner
    found: dict[Problem, list[str]] = {}
    plan: Plan | None = None
    for repository in files.stack.repositories:
        there = offered.get(repository.name)
        if there is None or there.rules:
            continue
        plan = there.plan
        if not there.environments and repository.environment_names:
            text = (
                f"{owner}/{repository.name} is not public, and {owner} has the plan "
                f"{plan!r}, with which only public repositories have environments: make it "
                "public, or get another plan"
            )
            yield files.problem(repository, ("repository",), text)
            continue
        for name in repository.environment_names:
            for path in asked_rules(repository.environment(name)):
                place = files.problem(repository, ("environments", name, *path), "")
                found.setdefault(place, []).append(repository.name)
    for place, names in found.items():
        text = (
            f"{_listed(names)} not public, and {owner} has the plan {plan!r}: GitHub has this rule "
            "in public repositories, and in others on Enterprise only; declare it where it can be, "
            "or leave it out"
        )
        yield Problem(place.file, place.line, place.path, text)


def _listed(names: list[str]) -> str:
    """Names as the subject of a sentence, with the verb."""
    first, *others = sorted(names)
    if not others:
        return f"{first} is"
    return f"{first} and {others[0] if len(others) == 1 else f'{len(others)} more'} are"
