"""An emulator of GitHub's REST API and git, as far as slipway and its provider use them.

It follows GitHub's documentation and knows nothing about slipway. Deliberately absent: jobs of
Actions, webhooks, forks.
"""

from sandbox.github.app import create_app
from sandbox.github.server import Server, serve
from sandbox.github.store import Store

__all__ = ["Server", "Store", "create_app", "serve"]
