"""Plant a world that a test has printed, and take it through everything again.

Usage: python -m tests.e2e.worlds FILE
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.e2e.conftest import running_world
from tests.e2e.worlds.batch import outcome
from tests.e2e.worlds.facts import World


def main() -> None:
    """Run the world in the file."""
    facts = World.model_validate_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with TemporaryDirectory() as folder, running_world(Path(folder)) as sandbox:
        found = outcome(sandbox, facts, Path(folder))
    print(f"went through: {found.accepted}; refused: {found.refused}")  # noqa: T201 - the result


if __name__ == "__main__":
    main()
