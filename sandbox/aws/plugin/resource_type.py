"""What every resource type is to the plugin."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.aws.plugin.shapes import Properties


class ResourceType(ABC):
    """One type: its shape, and the calls that make, read, change and delete one of it.

    Each call may raise botocore's ClientError; NoSuchEntity of `read` and `delete` means gone.
    """

    token: ClassVar[str]
    inputs: ClassVar[Properties]
    outputs: ClassVar[Properties]
    """Every output, the inputs' own included."""
    autonamed: ClassVar[bool] = False
    """Whether `name` is made up from the logical name where it is not given."""

    @abstractmethod
    def create(self, iam: Any, given: Mapping[str, Any]) -> str:
        """Make one; returns its id."""

    @abstractmethod
    def read(self, iam: Any, identity: str) -> dict[str, Any]:
        """What it is now, by output; what AWS does not know (a mere option) is left out."""

    @abstractmethod
    def update(
        self, iam: Any, identity: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Change what differs; `old` and `new` hold the properties that do, and only those."""

    @abstractmethod
    def delete(self, iam: Any, identity: str, old: Mapping[str, Any]) -> None:
        """Delete it."""

    def imported(self, live: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs that would have made what is there; defaults are left out."""
        return {
            name: live[name]
            for name, described in self.inputs.items()
            if live.get(name) not in (None, "", [], {}, described.default)
        }


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tag_map(tags: list[dict[str, str]] | None) -> dict[str, str]:
    """Tags as AWS tells them, by key."""
    return {tag["Key"]: tag["Value"] for tag in tags or []}
