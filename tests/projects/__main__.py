"""Run repositories of the table by hand: `python -m tests.projects PROFILE [NAME]...`.

Prints the result and the CPU seconds of each run; with one name, the whole log.
"""

import resource
import sys
import tempfile
from pathlib import Path

from tests.projects.judged import judge
from tests.projects.machine import running_machine
from tests.projects.prepared import Prepared
from tests.projects.table import BY_NAME


def main(profile: str, *names: str) -> None:
    """Run them one after the other, in a temporary folder."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_machine(Path(folder, "machine")) as machine,
    ):
        for name in names or BY_NAME:
            place = Path(folder, name)
            place.mkdir()
            before = _seconds()
            for _, run in Prepared.of(BY_NAME[name], machine, place).runs(profile):
                try:
                    judge(run, BY_NAME[name], strict=profile == "strict")
                    verdict = "ok"
                except AssertionError as error:
                    verdict = f"NOT AS EXPECTED: {str(error).splitlines()[-1:]}"
                _say(f"{name}: {_seconds() - before:.1f} s, {verdict}")
                for id_, job in run.jobs.items():
                    _say(f"  {id_}: {job.conclusion}", *job.headings, *job.warnings, *job.errors)
                    if len(names) == 1:
                        _say(job.log)
        _say(f"asked for elsewhere: {machine.index.refused}")


def _seconds() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _say(*lines: str) -> None:
    print(*lines, sep="\n    ", flush=True)  # noqa: T201  # what the program is for


if __name__ == "__main__":
    main(*sys.argv[1:])
