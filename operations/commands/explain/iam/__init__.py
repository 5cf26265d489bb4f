"""Judge a role's trust policy for one request, as IAM documents its evaluation."""
