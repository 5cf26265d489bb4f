"""Pulumi's state of a stack, where it has to be told what the providers cannot tell it."""
