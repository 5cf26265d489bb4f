"""Map names of roles to repositories: in a plan, resources of AWS name no repository."""

from components.model.stack import Stack
from components.model.types import ENVIRONMENTS


def role_owners(stack: Stack) -> dict[str, str]:
    """Declared names of repositories by the names of their roles in lower case."""
    return {
        repository.role_name(stack.settings.owner, name).lower(): repository.name
        for repository in stack.repositories
        for name in ENVIRONMENTS
    }
