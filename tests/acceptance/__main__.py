"""`python -m tests.acceptance`: the GitHub provider's acceptance tests against the emulator.

Runs the functions of expectations.toml, or those that are named. Prints each case as it ends, with
the reason if it does not pass, and every deviation from the list. The exit code is 1 if there is a
deviation.
"""

import argparse
import sys
import time

from rich.console import Console

from sandbox.engine.errors import UnavailableError
from tests.acceptance.binaries import ensure_binaries
from tests.acceptance.expectations import Function, full_name, load, problems
from tests.acceptance.run import NothingRanError, Result, Results, run

_COLOURS = {"pass": "green", "fail": "red", "skip": "yellow"}
out = Console(highlight=False, soft_wrap=True)
talk = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> int:
    """Build, run and compare."""
    listed = load()
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance", description=__doc__)
    parser.add_argument("functions", nargs="*", metavar="FUNCTION")
    parser.add_argument("--parallel", type=int, default=8, help="cases at a time (default: 8)")
    parser.add_argument("--build", action="store_true", help="only build what a run needs")
    options = parser.parse_args()
    if unknown := set(options.functions) - set(listed):
        parser.error(f"not in expectations.toml: {', '.join(sorted(unknown))}")
    chosen = {name: listed[name] for name in options.functions or listed}
    started = time.monotonic()
    try:
        binaries = ensure_binaries(lambda line: talk.print(line, markup=False))
        if options.build:
            return 0
        results = run(binaries, chosen, parallel=options.parallel, on_end=_tell)
    except (UnavailableError, NothingRanError) as error:
        talk.print(str(error), markup=False)
        return 1
    _tell_reasons(chosen, results)
    found = [line for name in chosen for line in problems(name, chosen[name], results)]
    for line in found:
        out.print(f"\nNOT AS LISTED: {line}", markup=False, style="red")
    _tell_sum(results, len(found), time.monotonic() - started)
    return 1 if found else 0


def _tell(name: str, result: Result) -> None:
    colour = _COLOURS.get(result.outcome, "red")
    talk.print(f"[{colour}]{result.outcome}[/] {name} ({result.seconds:.1f} s)")


def _tell_reasons(functions: dict[str, Function], results: Results) -> None:
    for name, function in functions.items():
        for outcome, case, excused in function.cases():
            if excused:
                test = full_name(name, case)
                said = " ".join(results.get(test, Result()).said[:1]).strip()
                out.print(f"{outcome}: {test}: {excused.because} ({said})", markup=False)


def _tell_sum(results: Results, wrong: int, seconds: float) -> None:
    counts = dict.fromkeys(_COLOURS, 0)
    for result in results.values():
        counts[result.outcome] = counts.get(result.outcome, 0) + 1
    told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
    verdict = f"{wrong} not as listed" if wrong else "all as listed"
    out.print(f"{len(results)} cases: {told}; {verdict}; {seconds:.0f} s", style="bold")


if __name__ == "__main__":
    sys.exit(main())
