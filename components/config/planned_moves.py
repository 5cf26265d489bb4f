"""Refuse a planned rename or transfer that would replace the repository's roles.

A role cannot be renamed. Its default name contains owner and repository, so the declaration after
the move would make another role: jobs that started before would be refused, and so would jobs that
start before `AWS_ROLE_ARN` and the new role are both there.
"""

from collections.abc import Iterator, Sequence

from components.config.yaml_files import Path_
from components.model.repository import Repository
from components.model.stack import StackSettings


def replaced_roles(
    settings: StackSettings, repositories: Sequence[Repository]
) -> Iterator[tuple[Repository, Path_, str]]:
    """Repository, path and text of each `next_name` beside roles that have their default names."""
    if settings.github.is_server:
        return  # `unsupported_trusts` refuses the key itself
    for repository in repositories:
        default = {
            name: repository.role_name(settings.owner, name)
            for name in repository.environment_names
            if repository.environment(name).role.name is None
        }
        if repository.next_name and default:
            names = ", ".join(f"{env}: {{role: {{name: {role}}}}}" for env, role in default.items())
            text = (
                "the move would replace each role with a default name, and refuse jobs meanwhile: "
                f"declare the present names below `environments`: {names}"
            )
            yield repository, ("next_name",), text
