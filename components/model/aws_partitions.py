"""The partitions of AWS and their regions, from botocore's own table.

A partition is a separate AWS with its own accounts, ARNs and domain: aws, aws-cn and so on. The
table is a file of botocore (`data/partitions.json`). It is read without importing botocore, which
the model must not need and which takes longer than the rest of a start. Deliberately absent: which
service exists in which region, and regions that are newer than the installed botocore.
"""

import difflib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

#: The audience of the partition `aws`, which aws-actions/configure-aws-credentials asks for unless
#: it is told another one (its action.yml).
DEFAULT_AUDIENCE: Final = "sts.amazonaws.com"
#: How many similar regions a message names.
_NEAR: Final = 3


@dataclass(frozen=True)
class Partition:
    """One partition."""

    name: str
    """The second part of its ARNs."""
    domain: str
    """The end of its services' host names."""
    regions: frozenset[str]
    """Every region that the table knows, without those that stand for global services."""

    @property
    def audience(self) -> str:
        """The audience of id-tokens for its STS.

        It is `sts.amazonaws.com` where services are below amazonaws.com, and that of China is
        `sts.amazonaws.com.cn` (README of aws-actions/configure-aws-credentials). No document names
        the others, and AWS accepts any that provider, trust policy and token agree on: they have
        the same form.
        """
        return f"sts.{self.domain}"


@cache
def partitions() -> dict[str, Partition]:
    """Every partition by its name."""
    return {one["id"]: _partition(one) for one in _table()["partitions"]}


def partition_of(region: str) -> Partition:
    """The partition of a region.

    Raises:
        KeyError: the table does not know the region.
    """
    return _by_region()[region]


def unknown_region(region: str) -> str | None:
    """The reason why the name of a region is wrong; None if the table knows it."""
    known = _by_region()
    if region in known:
        return None
    near = difflib.get_close_matches(region, known, n=_NEAR)
    guess = f"did you mean {' or '.join(near)}?" if near else "write one such as eu-west-1"
    return (
        f"{region!r} is no AWS region: {guess} (Regions that AWS has opened since botocore "
        f"{version('botocore')} are not known: upgrade botocore for them)"
    )


@cache
def _by_region() -> dict[str, Partition]:
    return {region: one for one in partitions().values() for region in sorted(one.regions)}


def _table() -> Any:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore is not installed")
    text = Path(spec.origin).with_name("data").joinpath("partitions.json").read_text("utf-8")
    return json.loads(text)


def _partition(described: dict[str, Any]) -> Partition:
    # Names such as `aws-global` stand for services without regions and do not match the pattern.
    pattern = re.compile(described["regionRegex"])
    regions = frozenset(filter(pattern.match, described["regions"]))
    return Partition(described["id"], described["outputs"]["dnsSuffix"], regions)
