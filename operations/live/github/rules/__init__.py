"""The rules of a repository's branches, and what they refuse of all that slipway does."""
