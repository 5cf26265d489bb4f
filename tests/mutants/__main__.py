"""`python -m tests.mutants`: run mutmut and compare the survivors with the list.

The modules and their tests are in pyproject.toml. The exit code is 1 if a survivor is not listed,
or if a listed one does not survive.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from tests.mutants.survivors import deviations, known, read_diff

#: The folder into which `make mutants` installs mutmut.
_INSTALLED: Final = Path(".mutmut")
#: mutmut's words for mutants that no test has found.
_NOT_FOUND: Final = ("survived", "no tests", "suspicious")


def main() -> int:
    """Run, compare, and print the figures."""
    # mutmut would leave the files of a former run as they are, whatever it is to mutate now.
    shutil.rmtree("mutants", ignore_errors=True)
    if subprocess.run(_mutmut("run"), env=_environment(), check=False).returncode:
        sys.stderr.write("mutmut could not run\n")
        return 1
    lines = _said("results", "--all", "true").splitlines()
    states = dict(line.strip().rsplit(": ", 1) for line in lines if ": " in line)
    counts = Counter(states.values())
    found = [
        read_diff(name, _said("show", name))
        for name, state in states.items()
        if state in _NOT_FOUND
    ]
    figures = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    sys.stdout.write(f"{len(states)} mutants: {figures}\n")
    problems = deviations(found, known())
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    return 1 if problems or not states else 0


def _said(*arguments: str) -> str:
    return subprocess.run(
        _mutmut(*arguments), env=_environment(), check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _mutmut(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mutmut", *arguments]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(_INSTALLED.resolve())}


if __name__ == "__main__":
    sys.exit(main())
