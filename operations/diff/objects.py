"""The words that name an object in a finding: the same wherever the finding comes from.

An observer and Pulumi's preview that look at one object must call it by one name, or the union of
their findings would say everything twice.
"""

REPOSITORY = "repository"


def environment(name: str) -> str:
    """`environment prod`."""
    return f"environment {name}"


def branch_policy(environment_name: str, kind: str, pattern: str) -> str:
    """`environment prod, branch policy main`; the kind is `branch` or `tag`."""
    return f"environment {environment_name}, {kind} policy {pattern}"


def variable(environment_name: str, name: str) -> str:
    """`environment prod, variable LOG_LEVEL`."""
    return f"environment {environment_name}, variable {name}"


def secret(environment_name: str, name: str) -> str:
    """`environment prod, secret DATABASE_URL`."""
    return f"environment {environment_name}, secret {name}"


def branch(name: str) -> str:
    """`branch develop`."""
    return f"branch {name}"


def workflow(file: str, branch_name: str) -> str:
    """`python-dev.yml on develop`."""
    return f"{file} on {branch_name}"


def role(name: str) -> str:
    """`role acme.billing-prod`."""
    return f"role {name}"


def other_role(name: str, account_id: str) -> str:
    """`role ci of account 333333333333`: one that is nobody's declaration."""
    return f"role {name} of account {account_id}"


def inline_policy(role_name: str, name: str) -> str:
    """`role acme.billing-prod, inline policy deploy`."""
    return f"role {role_name}, inline policy {name}"


def managed_policy(role_name: str, arn: str) -> str:
    """`role acme.billing-prod, managed policy arn:aws:iam::aws:policy/ReadOnlyAccess`."""
    return f"role {role_name}, managed policy {arn}"


def inline_policies(role_name: str) -> str:
    """`role acme.billing-prod, inline policies`: that there are no others."""
    return f"role {role_name}, inline policies"


def managed_policies(role_name: str) -> str:
    """`role acme.billing-prod, managed policies`: that there are no others."""
    return f"role {role_name}, managed policies"


def oidc_provider(account_id: str) -> str:
    """`OIDC provider of account 333333333333`."""
    return f"OIDC provider of account {account_id}"
