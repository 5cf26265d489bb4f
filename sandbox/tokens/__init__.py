"""GitHub Actions' issuer of id-tokens: what a job of a run gets, signed, and never more.

It witnesses the rules of docs.github.com, "OpenID Connect reference", over the emulator's store.
Not here: running workflows, approvals and wait timers (a job that asks has been let through), and
enterprises with an issuer of their own.
"""

from sandbox.tokens.issuer import ISSUER, Issuer
from sandbox.tokens.routes import runner_routes

__all__ = ["ISSUER", "Issuer", "runner_routes"]
