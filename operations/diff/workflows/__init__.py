"""Compare workflow files: the declared ones, and others that use dev, test or prod."""
