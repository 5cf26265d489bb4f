"""Commands about the roles that jobs assume, and about the rights of slipway itself."""
