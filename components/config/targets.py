"""What deployments write to is one environment's of one repository.

A role may update the function that its own environment names. Where another environment, or another
repository, names the same function, its pushes update it as well: of production, from develop. An
alias does not keep them apart, as an update changes the function's code for all ($LATEST), and IAM
knows no right to update it for one alias. Packages in a bucket are kept apart by the roles.
"""

from collections.abc import Iterator, Sequence

from components.config.yaml_files import Path_
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.terms import ENVIRONMENTS


def shared_functions(
    settings: StackSettings, repositories: Sequence[Repository]
) -> Iterator[tuple[Repository, Path_, str]]:
    """Functions with two owners: the later one, where it is declared, and what is wrong."""
    first: dict[tuple[str, str, str], str] = {}
    for repository in repositories:
        told = set()
        for environment in ENVIRONMENTS:
            account = settings.account(environment)
            for path, name in repository.lambda_functions(environment).items():
                owner = f"{repository.name}, {environment}"
                if len(path) > 2:  # noqa: PLR2004 - several packages have names
                    owner += f", {path[1]}"
                taken = first.setdefault((account.account_id, account.region, name), owner)
                if taken != owner and path not in told:
                    told.add(path)
                    place = f"account {account.account_id}, {account.region}"
                    text = (
                        f"function {name!r} in {place} is deployed by {taken} and by {owner}: "
                        "name one for each, with {environment} or {repository} in the name"
                    )
                    yield repository, path, text
