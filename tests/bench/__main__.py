"""`make bench`: time, memory and requests of onboarding, beside OpenTofu, in sandboxes of its own.

Without options it measures slipway and OpenTofu with the same objects for stacks of 5, 25 and 100
repositories. The figures are added to bench.json after each measurement; `--document bench.json`
makes docs/performance.md from them. It is a benchmark and no test: it asserts that each command
succeeds and that both tools have made the same. CPU time is beside the seconds, since those
depend on other work of the machine.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from sandbox.engine.go_build import CLI_VERSION
from tests.bench import opentofu
from tests.bench.blocks import blocks
from tests.bench.comparing import measure_comparison
from tests.bench.document import DOCUMENT, asked_for, documented
from tests.bench.figures import COMMITTED, added, read, stamped, write
from tests.bench.fleet import measure_fleet
from tests.bench.looking import measure_looks
from tests.bench.observe import measure_observation
from tests.bench.validating import measure_validation


def main() -> int:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    sizes = partial(parser.add_argument, type=int, nargs="+", default=[], metavar="N")
    sizes("--sizes", help="slipway beside OpenTofu, stacks of N repositories")
    sizes("--look", help="what a preview's look costs")
    sizes("--observe", help="look at N repositories")
    sizes("--validate", help="validate --live of N")
    parser.add_argument("--rounds", type=int, default=3, help="how often runs are measured")
    parser.add_argument(
        "--declare", default="", metavar="YAML", help="more variables, for each repository"
    )
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="default: bench.json")
    parser.add_argument("--fleet", type=int, default=0, metavar="N", help="N stacks of 25 instead")
    parser.add_argument(
        "--document", type=Path, metavar="FILE", help="write docs/performance.md from these figures"
    )
    options = parser.parse_args()
    if options.document:
        _document(options.document)
    elif options.fleet:
        _print_fleet(measure_fleet(options.fleet, 25))
    else:
        _measure(options)
    return 0


def _measure(options: argparse.Namespace) -> None:
    versions = {
        "pulumi": CLI_VERSION,
        "opentofu": opentofu.OPENTOFU,
        "github_provider": opentofu.PROVIDER,
    }
    for part, measure in _wanted(options):
        # The load before it, not the one that it makes itself.
        stamp = stamped(**versions)
        entry = measure()
        write(options.out, added(read(options.out), part, [entry | stamp]))
        Console(stderr=True).print(f"{part}: {entry['repositories']} repositories")
    shown = blocks(read(options.out))
    told = "\n\n".join(shown[name] for name in ("runs", "goals"))
    Console().print(told, markup=False, highlight=False, soft_wrap=True)


def _wanted(options: argparse.Namespace) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Each measurement, with the part of the figures that it is of."""
    others = (
        ("looks", options.look, measure_looks),
        ("observations", options.observe, measure_observation),
        ("validations", options.validate, measure_validation),
    )
    nothing_named = not any(sizes for _, sizes, _ in others)
    for size in options.sizes or ([5, 25, 100] if nothing_named else []):
        yield "comparisons", partial(measure_comparison, size, options.rounds, options.declare)
    for part, sizes, measure in others:
        yield from ((part, partial(measure, size)) for size in sizes)


def _document(file: Path) -> None:
    text, parts = DOCUMENT.read_text(encoding="utf-8"), blocks(read(file))
    if lacking := set(asked_for(text)) - parts.keys():
        sys.exit(f"{file} has no figures for {', '.join(sorted(lacking))}: measure 25 repositories")
    if file.resolve() != COMMITTED:
        shutil.copy(file, COMMITTED)
    DOCUMENT.write_text(documented(text, parts), encoding="utf-8")


def _print_fleet(fleet: dict[str, Any]) -> None:
    each = fleet["seconds"] / fleet["repositories"]
    print("{stacks} stacks, {repositories} repositories: {seconds} s".format(**fleet))  # noqa: T201
    print(f"first up of one repository: {each:.2f} s")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
