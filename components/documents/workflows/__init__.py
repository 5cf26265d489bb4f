"""The three workflow files of the standard, as pure functions of a declaration."""

from components.documents.workflows.kept import kept_workflows
from components.documents.workflows.placement import workflow_branches
from components.documents.workflows.workflow import FILES, render_workflows, workflow_name

__all__ = ["FILES", "kept_workflows", "render_workflows", "workflow_branches", "workflow_name"]
