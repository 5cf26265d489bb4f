from typing import Any

from tests.bench.backends.state import multiplied, resources_of

URN = "urn:pulumi:small-1::slipway::"


def resource(urn: str, **more: Any) -> dict[str, Any]:
    """Return a custom resource of the sandbox's stack."""
    return {"urn": URN + urn, "custom": True, "id": "7", "type": "t", **more}


ONE = {
    "version": 3,
    "deployment": {
        "resources": [
            resource("pulumi:pulumi:Stack::slipway-small-1", outputs={"small-1": "small-1"}),
            resource("pulumi:providers:aws::aws"),
            resource("slipway:R::small-1", parent=f"{URN}pulumi:pulumi:Stack::slipway-small-1"),
            resource("f:File::small-1-f", inputs={"repository": "small-1"}, provider="p"),
        ]
    },
}


def test_each_repository_has_resources_of_its_own() -> None:
    """No URN is there twice, each refers to its own stack, and shared resources are there once."""
    resources = multiplied(ONE, 3, "dev", "other")["deployment"]["resources"]
    urns = [one["urn"].removeprefix("urn:pulumi:dev::other::") for one in resources]
    assert urns[:3] == [
        "pulumi:pulumi:Stack::other-dev",
        "former:index:aws::aws",
        "slipway:R::small-1-",
    ]
    assert len(set(urns)) == len(resources) == resources_of(ONE, 3) == 8
    assert resources[-1]["inputs"] == {"repository": "small-3-"}
    assert resources[2]["parent"] == resources[0]["urn"]
    assert not any(one["custom"] or "id" in one or "provider" in one for one in resources)
