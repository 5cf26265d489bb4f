"""The three workflow files of the standard, as pure functions of a declaration."""

from components.documents.workflows.placement import workflow_branches
from components.documents.workflows.workflow import FILES, render_workflows, workflow_name

__all__ = ["FILES", "render_workflows", "workflow_branches", "workflow_name"]
