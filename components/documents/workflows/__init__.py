"""The three workflow files of the standard, as pure functions of a declaration."""

from components.documents.workflows.placement import workflow_branches
from components.documents.workflows.triggers import FILES, workflow_name
from components.documents.workflows.workflow import (
    declared_workflows,
    render_workflows,
    workflow_contents,
)

__all__ = [
    "FILES",
    "declared_workflows",
    "render_workflows",
    "workflow_branches",
    "workflow_contents",
    "workflow_name",
]
