"""Pulumi's state in other places than local files: in S3 and in PostgreSQL."""
