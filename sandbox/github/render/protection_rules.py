"""Custom deployment protection rules and the Apps that provide them."""

from typing import Any

from sandbox.github.apps import App
from sandbox.github.render.urls import api, name, node_id


def app(found: App) -> dict[str, Any]:
    """`custom-deployment-rule-app`; the sandbox does not serve its `integration_url`."""
    return {
        "id": found.id,
        "slug": found.slug,
        "integration_url": api(f"/apps/{name(found.slug)}"),
        "node_id": node_id("Integration", found.id),
    }


def rule(rule_id: int, provider: App) -> dict[str, Any]:
    """`deployment-protection-rule`: GitHub lists enabled rules only."""
    return {
        "id": rule_id,
        "node_id": node_id("Gate", rule_id),
        "enabled": True,
        "app": app(provider),
    }
