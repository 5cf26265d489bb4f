"""The base class of the plugin's resource types."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.aws.plugin.shapes import Properties


class ResourceType(ABC):
    """One type: its properties, and the AWS calls to create, read, update and delete a resource.

    Each method may raise botocore's ClientError. NoSuchEntity from `read` or `delete` means that
    the resource does not exist.
    """

    token: ClassVar[str]
    inputs: ClassVar[Properties]
    outputs: ClassVar[Properties]
    """All outputs, including those of inputs."""
    autonamed: ClassVar[bool] = False
    """Whether a missing `name` is generated from the logical name."""

    @abstractmethod
    def create(self, iam: Any, given: Mapping[str, Any]) -> str:
        """Create a resource; returns its id."""

    @abstractmethod
    def read(self, iam: Any, identity: str) -> dict[str, Any]:
        """The live outputs, without options of the provider, which AWS does not store."""

    @abstractmethod
    def update(
        self, iam: Any, identity: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Update the resource; `old` and `new` contain the differing properties only."""

    @abstractmethod
    def delete(self, iam: Any, identity: str, old: Mapping[str, Any]) -> None:
        """Delete the resource."""

    def imported(self, live: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs that would create the live resource, without defaults."""
        return {
            name: live[name]
            for name, described in self.inputs.items()
            if live.get(name) not in (None, "", [], {}, described.default)
        }


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags in the form of AWS's API."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tag_map(tags: list[dict[str, str]] | None) -> dict[str, str]:
    """Tags from AWS's API, by key."""
    return {tag["Key"]: tag["Value"] for tag in tags or []}
