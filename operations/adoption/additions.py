"""What is made where a whole is missing: a comparison has one word, `up` makes all its parts."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from components.documents.role import environment_variables, role_policies
from components.documents.workflows import workflow_branches
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName
from operations.adoption.change import Act, Change
from operations.diff import objects
from operations.diff.finding import Direction, Finding
from operations.live.observed import ObservedRepository

_THERE: Final = "there"


class Additions:
    """The parts of what one repository lacks."""

    def __init__(
        self, settings: StackSettings, repository: Repository, live: ObservedRepository | None
    ) -> None:
        """Of a repository as declared and as it is."""
        self._settings = settings
        self._repository = repository
        self._live = live

    def of(self, finding: Finding) -> Iterable[Change] | None:
        """The parts that a finding stands for; None where it is one object or property."""
        if finding.rule == "environment/missing":
            return self._environment(self._named(finding.object, objects.environment))
        if finding.rule == "environment/branch_policy":
            name = self._named(finding.object, objects.environment)
            return self._patterns(name, finding.repaired)
        if finding.rule == "branch/missing":
            return self._branch(finding)
        if finding.rule == "role/missing":
            owner = self._settings.owner
            return self._role(
                self._named(
                    finding.object,
                    lambda name: objects.role(self._repository.role_name(owner, name)),
                )
            )
        return None

    def _named(self, object_: str, words: Callable[[EnvironmentName], str]) -> EnvironmentName:
        """The environment that words are about."""
        return next(name for name in ENVIRONMENTS if words(name) == object_)

    def _made(self, object_: str, direction: Direction = Direction.NEUTRAL) -> Change:
        name = self._repository.name
        return Change(name, object_, "", "", _THERE, direction, Act.CREATE)

    def _environment(self, name: EnvironmentName) -> Iterator[Change]:
        # A job that names an environment which is not there gets one without any rule.
        yield self._made(objects.environment(name), Direction.STRONGER)
        yield from self._patterns(name)
        for variable in environment_variables(self._settings, self._repository, name):
            yield self._made(objects.variable(name, variable.upper()))
        for secret in self._repository.environment(name).managed_secrets:
            yield self._made(objects.secret(name, secret.upper()))

    def _patterns(
        self, name: EnvironmentName, direction: Direction = Direction.STRONGER
    ) -> Iterator[Change]:
        """Patterns of an environment that has none yet: each is a part of one change."""
        for pattern in self._repository.deployment_branches(name):
            yield self._made(objects.branch_policy(name, "branch", pattern), direction)
        for pattern in self._repository.environment(name).deployment_tags:
            yield self._made(objects.branch_policy(name, "tag", pattern), direction)

    def _branch(self, finding: Finding) -> Iterator[Change]:
        assert self._live is not None
        yield self._made(finding.object)
        placement = workflow_branches(self._repository, self._live.default_branch)
        for file, branches in placement.items():
            for branch in branches:
                if objects.branch(branch) == finding.object:
                    yield self._made(objects.workflow(file, branch))

    def _role(self, name: EnvironmentName) -> Iterator[Change]:
        role = self._repository.role_name(self._settings.owner, name)
        yield self._made(objects.role(role))
        for policy in role_policies(self._settings, self._repository, name):
            yield self._made(objects.inline_policy(role, policy))
        for arn in self._repository.environment(name).role.managed_policies:
            yield self._made(objects.managed_policy(role, arn))
