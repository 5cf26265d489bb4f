"""The three workflow files of the standard, as pure functions of a declaration."""

from components.documents.workflows.workflow import FILES, render_workflows

__all__ = ["FILES", "render_workflows"]
