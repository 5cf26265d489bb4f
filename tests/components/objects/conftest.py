"""These tests use the recorder of the component tests."""

from tests.components.resources.conftest import provision

__all__ = ["provision"]
