"""Pulumi as slipway uses it: its process, plan, state and locks."""
