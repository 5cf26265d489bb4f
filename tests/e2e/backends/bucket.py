"""A bucket of the sandbox's AWS (moto) for Pulumi's state, and its keys."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import boto3

_REGION: Final = "eu-west-1"


@dataclass(frozen=True)
class Bucket:
    """A bucket."""

    aws_url: str
    name: str

    @property
    def url(self) -> str:
        """Pulumi's address of the state; `endpoint` and what follows it are for moto only."""
        endpoint = f"endpoint={self.aws_url}&use_path_style=true"
        return f"s3://{self.name}?region={_REGION}&{endpoint}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a shell that uses the state; the sandbox's have AWS's credentials."""
        return {"PULUMI_BACKEND_URL": self.url}

    def files(self) -> list[str]:
        """The keys of Pulumi's files, a thousand at most."""
        with closing(self._client()) as s3:
            found = s3.list_objects_v2(Bucket=self.name)
        assert not found["IsTruncated"]
        return [one["Key"] for one in found.get("Contents", [])]

    def make(self) -> None:
        """Create the bucket."""
        with closing(self._client()) as s3:
            place = {"LocationConstraint": _REGION}
            s3.create_bucket(Bucket=self.name, CreateBucketConfiguration=place)

    def _client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.aws_url,
            region_name=_REGION,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
        )


def new_bucket(aws_url: str, name: str) -> Bucket:
    """A new, empty bucket at an endpoint."""
    bucket = Bucket(aws_url, name)
    bucket.make()
    return bucket
