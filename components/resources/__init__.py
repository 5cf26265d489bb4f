"""PROVISION: one component resource per file."""
