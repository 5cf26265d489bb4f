"""Adopt repositories that grew before the standard: propose, tell the changes, import, prove."""
