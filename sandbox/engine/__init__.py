"""Find or make the Pulumi engine: the CLI, its Python language host and the GitHub plugin.

`ensure_engine` is all that others need. The sandbox's AWS plugin is none of its business.
"""

from sandbox.engine.errors import EngineError
from sandbox.engine.find import Engine, ensure_engine

__all__ = ["Engine", "EngineError", "ensure_engine"]
