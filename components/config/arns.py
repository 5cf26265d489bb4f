"""Find declared ARNs that are of another partition of AWS than the environment's account.

AWS would refuse them in the middle of a run. The ARNs of an account itself are checked by the model
(model/stack). Deliberately absent: ARNs in declared policy documents, which may have wildcards and
variables, and whether an object exists.
"""

from collections.abc import Iterator, Sequence

from components.config.yaml_files import Path_
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName


def foreign_arns(
    settings: StackSettings, repositories: Sequence[Repository]
) -> Iterator[tuple[Repository, Path_, str]]:
    """ARNs of another partition: the repository, the path in its declaration, the message."""
    for repository in repositories:
        for environment in ENVIRONMENTS:
            account = settings.account(environment)
            for path, arn in _arns(repository, environment):
                partition = arn.split(":")[1]
                if partition != account.partition:
                    text = (
                        f"{arn} is an ARN of the partition {partition}, and {environment} is in "
                        f"{account.region}, a region of {account.partition}: write "
                        f"arn:{account.partition}:..."
                    )
                    yield repository, path, text


def _arns(repository: Repository, environment: EnvironmentName) -> Iterator[tuple[Path_, str]]:
    declared = repository.environment(environment)
    place = ("environments", environment)
    if (boundary := declared.role.permissions_boundary) is not None:
        yield (*place, "role", "permissions_boundary"), boundary
    for index, arn in enumerate(declared.role.managed_policies):
        yield (*place, "role", "managed_policies", index), arn
    if (key := repository.artifact_key(environment)) is not None:
        yield ("artifacts", "kms_key", environment), key
    for name, source in declared.managed_secrets.items():
        for kind, value in (("secretsmanager", source.secretsmanager), ("ssm", source.ssm)):
            if value is not None and value.startswith("arn:"):
                yield (*place, "secrets", name, kind), value
