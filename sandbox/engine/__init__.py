"""Find or make the Pulumi engine: the CLI, its Python language host and the GitHub plugin.

`find.ensure_engine` is all that others need. The sandbox's AWS plugin is none of its business.

Nothing is imported here: an engine starts the language host for each run, and waits for it.
"""
