"""GitHub REST and git, as far as slipway and its provider use them."""
