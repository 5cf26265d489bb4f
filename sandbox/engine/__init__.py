"""Find or make the Pulumi engine: the CLI, its Python language host and the GitHub plugin.

Other packages only need `find.ensure_engine`. Deliberately absent: the sandbox's AWS plugin.

This module imports nothing: an engine starts the language host for each run and waits for it.
"""
