"""Report findings: at a terminal, as JSON, as a page, as Markdown, and in an issue."""
