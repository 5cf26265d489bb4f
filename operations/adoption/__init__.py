"""Adopt existing repositories: propose declarations, list changes, import objects, prove it."""
