"""The partitions of AWS, for moto: each has its own accounts, ARNs and regions.

moto (5.2) tells the partition by the beginning of a region's name, and knows six of them. This
module adds the others from botocore's table, before moto makes an account.
"""

import functools
import sys
from typing import Any, Final

from botocore.loaders import create_loader
from moto.utilities import utils

#: The name of moto's pattern, of which each of its modules has a copy.
_PATTERN: Final = "ARN_PARTITION_REGEX"


@functools.cache
def add_partitions() -> None:
    """Let moto know every partition of botocore's table."""
    for described in _described():
        name = described["id"]
        if name in utils.PARTITION_NAMES:
            continue
        utils.PARTITION_NAMES.append(name)
        for region in described["regions"]:
            # The first two words tell the partition: `eu-isoe-`. `aws-iso-e-global` is no region.
            if not region.startswith("aws-"):
                prefix = "-".join(region.split("-")[:2])
                utils.REGION_PREFIX_TO_PARTITION[f"{prefix}-"] = name
    pattern = f"^arn:({'|'.join(sorted(utils.PARTITION_NAMES))})"
    for path, module in list(sys.modules.items()):
        if path.startswith("moto.") and hasattr(module, _PATTERN):
            setattr(module, _PATTERN, pattern)


def partition_of(region: str) -> str:
    """The partition of a region."""
    add_partitions()
    return utils.get_partition(region)


def _described() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = create_loader().load_data("partitions")["partitions"]
    return found
