"""Name what exists beside the standard and stays: nothing of it is in the declaration's hands."""

from collections.abc import Iterable, Iterator, Mapping

from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS, EnvironmentName
from components.objects.kinds import ENVIRONMENT, ROLE, SECRET, VARIABLE, WORKFLOW
from components.objects.rules import ADDED
from operations.adoption.change import LeftInPlace
from operations.adoption.proposal.environment import OWN
from operations.adoption.proposal.workflow_usage import assuming_elsewhere, using_workflows
from operations.diff.compare import compare
from operations.diff.finding import Repair
from operations.live.observed import Observed, ObservedRepository

Left = Mapping[tuple[str, EnvironmentName], Mapping[str, str]]
"""Why roles that have to do with an environment were not taken, by name."""


def left_in_place(stack: Stack, observed: Observed, left: Left) -> list[LeftInPlace]:
    """Everything that stays beside what is declared, sorted.

    Args:
        stack: the repositories to adopt, resolved.
        observed: GitHub and AWS now, with each of the repositories there.
        left: roles that were looked at and not taken.
    """
    found = set(_by_hand(stack, observed))
    for repository in stack.repositories:
        live = observed.repositories[repository.name]
        assert live is not None
        found |= set(_of_repository(repository, live))
    for (name, environment), roles in left.items():
        for role, why in roles.items():
            text = f"{why}: not taken for {environment}, slipway makes a role of its own"
            found.add(LeftInPlace(name, ROLE.at(role), text))
    return sorted(found)


def _of_repository(repository: Repository, live: ObservedRepository) -> Iterator[LeftInPlace]:
    """Workflows, environments, and what in our environments is somebody else's."""
    for branch, file, used in using_workflows(live):
        text = f"uses {', '.join(used)}, beside the standard's workflows"
        yield LeftInPlace(repository.name, WORKFLOW.at(file, branch), text)
    for branch, file in assuming_elsewhere(live):
        text = "assumes a role outside dev, test and prod: no role of the standard lets it"
        yield LeftInPlace(repository.name, WORKFLOW.at(file, branch), text)
    for other in live.other_environments:
        text = "is none of dev, test and prod"
        yield LeftInPlace(repository.name, ENVIRONMENT.at(other), text)
    for name in ENVIRONMENTS:
        environment = live.environments.get(name)
        if environment is None:
            continue
        declared = repository.environment(name)
        managed = {secret.upper() for secret in declared.managed_secrets}
        if declared.exclusive:  # then nothing in it stays, see `_by_hand`
            continue
        for secret in sorted(environment.secrets.keys() - managed):
            text = "its value stays somebody else's to write"
            yield LeftInPlace(repository.name, SECRET.at(name, secret), text)
        variables = {variable.upper() for variable in declared.variables} | OWN
        for variable in sorted(environment.variables.keys() - variables):
            text = "is not declared"
            yield LeftInPlace(repository.name, VARIABLE.at(name, variable), text)


def _by_hand(stack: Stack, observed: Observed) -> Iterable[LeftInPlace]:
    """What differs and only a person changes: other policies, other patterns, a taken name."""
    for finding in compare(stack, observed):
        kind = finding.rule.partition("/")[0]
        if finding.rule == "workflow/same_name":
            text = f"is named {finding.live}, whose runs lead to prod: give it another name first"
        elif finding.rule == "environment/unknown_rule":
            text = f"has a protection rule that slipway does not know, {finding.live}: it stays"
        elif finding.rule in ADDED and finding.repair is not Repair.HAND:
            text = "is there and not declared: slipway up deletes it"
        elif finding.repair is Repair.HAND and kind in {"environment", "role"} and finding.live:
            text = "is there and not declared: it stays until somebody removes it"
        else:
            continue
        yield LeftInPlace(finding.repository, finding.object, text)
