"""Map names of roles to repositories: in a plan, resources of AWS name no repository."""

from components.model.stack import Stack


def role_owners(stack: Stack) -> dict[str, str]:
    """Declared names of repositories by the names of their roles in lower case."""
    return {name.lower(): repository.name for repository, _, _, name in stack.roles()}
