"""List the objects that exist besides the declared ones and that slipway does not change."""

from collections.abc import Iterable, Iterator, Mapping

from components.model.repository import Repository
from components.model.stack import Stack
from components.objects.kinds import ENVIRONMENT, ROLE, SECRET, VARIABLE, WORKFLOW
from components.objects.rules import ADDED
from operations.adoption.change import LeftInPlace
from operations.adoption.proposal.environment import OWN
from operations.adoption.proposal.roles import EnvironmentPlace
from operations.adoption.proposal.workflow_usage import assuming_elsewhere, using_workflows
from operations.diff.compare import compare
from operations.diff.finding import Repair
from operations.live.observed import Observed, ObservedRepository


def left_in_place(
    stack: Stack, observed: Observed, left: Mapping[EnvironmentPlace, Mapping[str, str]]
) -> list[LeftInPlace]:
    """Every object that stays besides the declared ones, sorted.

    Args:
        stack: the repositories to adopt, resolved.
        observed: the live world, in which every repository exists.
        left: roles that were candidates and were not taken, as in `Roles`.
    """
    found = set(_from_findings(stack, observed))
    for repository in stack.repositories:
        live = observed.repositories[repository.name]
        assert live is not None
        found |= set(_of_repository(repository, live))
    for (name, environment), roles in left.items():
        for role, why in roles.items():
            text = f"{why}: not taken for {environment}, slipway creates another role"
            found.add(LeftInPlace(name, ROLE.at(role), text))
    return sorted(found)


def _of_repository(repository: Repository, live: ObservedRepository) -> Iterator[LeftInPlace]:
    """Workflows, environments, and undeclared secrets and variables of dev, test and prod."""
    for branch, file, used in using_workflows(live):
        text = f"uses {', '.join(used)}, besides the standard's workflows"
        yield LeftInPlace(repository.name, WORKFLOW.at(file, branch), text)
    for branch, file in assuming_elsewhere(live):
        text = "assumes a role in a job outside dev, test and prod: no standard role trusts it"
        yield LeftInPlace(repository.name, WORKFLOW.at(file, branch), text)
    for other in live.other_environments:
        yield LeftInPlace(repository.name, ENVIRONMENT.at(other), "is not dev, test or prod")
    for name in repository.environment_names:
        environment = live.environments.get(name)
        declared = repository.environment(name)
        # In an exclusive environment `up` deletes what is not declared: see `_from_findings`.
        if environment is None or declared.exclusive:
            continue
        managed = {secret.upper() for secret in declared.managed_secrets}
        for secret in sorted(environment.secrets.keys() - managed):
            text = "slipway does not write its value"
            yield LeftInPlace(repository.name, SECRET.at(name, secret), text)
        variables = {variable.upper() for variable in declared.variables} | OWN
        for variable in sorted(environment.variables.keys() - variables):
            yield LeftInPlace(repository.name, VARIABLE.at(name, variable), "is not declared")


def _from_findings(stack: Stack, observed: Observed) -> Iterable[LeftInPlace]:
    """Additional objects that a comparison finds: policies, patterns, workflows with our names."""
    for finding in compare(stack, observed):
        kind = finding.rule.partition("/")[0]
        if finding.rule == "workflow/same_name":
            text = f"is named {finding.live}, whose runs lead to prod: give it another name first"
        elif finding.rule == "environment/unknown_rule":
            text = f"has a protection rule that slipway does not know, {finding.live}: it stays"
        elif finding.rule in ADDED and finding.repair is not Repair.HAND:
            text = "exists and is not declared: slipway up deletes it"
        elif finding.repair is Repair.HAND and kind in {"environment", "role"} and finding.live:
            text = "exists and is not declared: it stays until you remove it by hand"
        else:
            continue
        yield LeftInPlace(finding.repository, finding.object, text)
