"""Measure what a write of the state costs in each backend, and write docs/backends.md's figures.

Everything runs on this machine: moto is no S3, and no network adds its round trips. So the requests
of a write are beside its seconds.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from sandbox.engine.go_build import CLI_VERSION
from tests.bench.backends.blocks import COMMITTED, DOCUMENT, blocks
from tests.bench.backends.measuring import measure, new_stack
from tests.bench.backends.places import PLACES
from tests.bench.backends.state import Deployment, onboarded, resources_of
from tests.bench.document import documented
from tests.bench.figures import read, stamped, write
from tests.e2e.trivial_project import trivial_project


def main() -> int:
    """Measure and write the figures, or write the page from them."""
    name = "python -m tests.bench.backends"
    parser = argparse.ArgumentParser(prog=name, description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 25], metavar="N")
    parser.add_argument("--rounds", type=int, default=2, help="how often each update runs")
    parser.add_argument("--out", type=Path, default=COMMITTED, help="the figures; other sizes stay")
    parser.add_argument("--document", action="store_true", help="write the page from the figures")
    options = parser.parse_args()
    if options.document:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(documented(text, blocks(read(options.out))), encoding="utf-8")
        return 0
    sizes = set(options.sizes)
    before = read(options.out).get("writes", [])
    entries = [entry for entry in before if entry["repositories"] not in sizes]
    for entry in _measured(options.sizes, options.rounds):
        Console(stderr=True).print(json.dumps(entry), soft_wrap=True)
        entries.append(entry)
        write(options.out, {"writes": entries})
    return 0


def _measured(sizes: list[int], rounds: int) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        one = onboarded(Path(name))
    for size in sizes:
        stamp = stamped(pulumi=CLI_VERSION)
        for place in PLACES:
            for compressed in (False, True):
                yield _entry(place, one, size, rounds, compressed=compressed) | stamp


def _entry(
    place: Any, one: Deployment, size: int, rounds: int, *, compressed: bool
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        project = trivial_project(Path(name))
        with place(Path(name) / "files") as found:
            settings = {"PULUMI_DIY_BACKEND_ZSTD": "true"} if compressed else {}
            used = replace(found, settings=settings)
            new_stack(project, used)
            cost = measure(project, used, one, size, rounds)
    about = {"backend": used.name, "compressed": compressed, "repositories": size}
    return about | {"resources": resources_of(one, size)} | cost


if __name__ == "__main__":
    sys.exit(main())
