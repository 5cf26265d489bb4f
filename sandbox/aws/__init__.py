"""AWS for the sandbox: moto behind a Pulumi plugin."""
