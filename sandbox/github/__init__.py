"""GitHub REST and git, as far as slipway and its provider use them.

The sandbox's witness: it knows GitHub's rules and nothing of the program that it serves. Not
emulated: Actions runs, what protects a branch being enforced, pull requests, webhooks.
"""

from sandbox.github.app import create_app
from sandbox.github.server import Server, serve
from sandbox.github.store import Store

__all__ = ["Server", "Store", "create_app", "serve"]
