"""The sandbox: GitHub, AWS and the Pulumi engine on 127.0.0.1; it does not depend on slipway."""
