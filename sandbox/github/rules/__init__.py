"""Rulesets and classic branch protection: what they say, whom they bind, what they refuse."""
