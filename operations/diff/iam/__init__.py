"""Compare IAM policies by what they allow."""
