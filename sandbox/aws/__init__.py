"""AWS for the sandbox: moto behind AWS's own refusals, and a Pulumi plugin that talks to it.

The plugin exists only because the official one is not always to be had; it refuses to work
without an endpoint and never talks to the real AWS.

Nothing is imported here: an engine starts the plugin for each account, and waits for it.
"""
