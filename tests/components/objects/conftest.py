"""The recorder of the component tests, here as well."""

from tests.components.resources.conftest import provision

__all__ = ["provision"]
