"""AWS for the sandbox: moto behind AWS's own refusals, and a Pulumi plugin that talks to it.

The plugin exists only because the official one is not always to be had; it refuses to work
without an endpoint and never talks to the real AWS.
"""

from sandbox.aws.folder import plugin_folder
from sandbox.aws.seed import seed_account
from sandbox.aws.server import AwsServer, start_aws

__all__ = ["AwsServer", "plugin_folder", "seed_account", "start_aws"]
