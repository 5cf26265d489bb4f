"""Typical repositories for the benchmark, onboarded with a deployment."""

from typing import Any


def seeded(name: str) -> dict[str, Any]:
    """Return the repository before onboarding: two branches and a file."""
    return {
        "owner": "acme",
        "name": name,
        "branches": ["develop"],
        "files": {"README.md": f"# {name}\n"},
    }


def declaration(name: str, more: str = "") -> str:
    """Return its file in the stack: a Lambda function's deployment, and `more` YAML."""
    return f"repository: {name}\ndeploy: {{lambda_function: {name}}}\n{more}\n"
