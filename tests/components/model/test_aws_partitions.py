import json
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.session import Session

from components.model.aws_partitions import partition_of, partitions, unknown_region

#: Botocore's other table, which lists endpoints by service.
ENDPOINTS: Any = json.loads(
    Path(botocore.__file__).with_name("data").joinpath("endpoints.json").read_text("utf-8")
)


def test_every_partition_of_botocore_is_known() -> None:
    """The partitions and the partition of each region are botocore's."""
    session = Session()
    assert set(partitions()) == set(session.get_available_partitions())
    assert {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"} < set(
        partitions()
    )
    for name, partition in partitions().items():
        assert {session.get_partition_for_region(one) for one in partition.regions} == {name}


def test_every_region_of_every_service_is_known() -> None:
    """No region that botocore has endpoints in is refused."""
    regions = [one for described in ENDPOINTS["partitions"] for one in described["regions"]]
    assert [problem for one in regions if (problem := unknown_region(one))] == []


@pytest.mark.parametrize(
    ("region", "partition", "audience"),
    [
        ("eu-west-1", "aws", "sts.amazonaws.com"),
        ("us-gov-west-1", "aws-us-gov", "sts.amazonaws.com"),
        ("cn-northwest-1", "aws-cn", "sts.amazonaws.com.cn"),
        ("us-iso-east-1", "aws-iso", "sts.c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sts.sc2s.sgov.gov"),
        ("eusc-de-east-1", "aws-eusc", "sts.amazonaws.eu"),
    ],
)
def test_a_region_tells_partition_and_audience(region: str, partition: str, audience: str) -> None:
    """The audience of China is the documented one, and the other partitions have its form."""
    found = partition_of(region)
    assert (found.name, found.audience) == (partition, audience)


@pytest.mark.parametrize("name", ["aws-global", "aws-cn-global", "eu-wset-1", "", "eu-west-1 "])
def test_anything_else_is_no_region(name: str) -> None:
    """Any other text is no region, also a pseudo region of botocore for global services."""
    assert name in (unknown_region(name) or "")
