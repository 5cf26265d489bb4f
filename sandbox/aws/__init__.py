"""AWS for the sandbox: moto behind a layer with AWS's refusals, and a Pulumi plugin for it.

The plugin exists because the official one is not always available. It refuses to work without an
endpoint and never calls the real AWS.

This module imports nothing: an engine starts the plugin for each account and waits for it.
"""
