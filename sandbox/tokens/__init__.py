"""GitHub Actions' issuer of id-tokens: it signs the claims that GitHub would give to a job.

It follows docs.github.com, "OpenID Connect reference", and reads the emulator's store. Deliberately
absent: running workflows, approvals and wait timers (a job that requests a token has passed them).
"""

from sandbox.tokens.issuer import ISSUER, Issuer, PublishedKeys
from sandbox.tokens.routes import runner_routes

__all__ = ["ISSUER", "Issuer", "PublishedKeys", "runner_routes"]
