"""Differences from the live world that a preview reports as warnings, besides Pulumi's own diff."""
