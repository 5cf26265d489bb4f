"""The two lanes: slipway and OpenTofu, each with a sandbox of its own and the same repositories.

Each tool has its own default of how much it does at a time. Both find the GitHub provider with
`parallel_requests` and without a pause after each write, and their state in a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from components.config.stack_files import StackFiles
from components.model.stack import Stack
from tests.acceptance.binaries import ensure_opentofu
from tests.bench import opentofu
from tests.bench.cost import cost_of
from tests.bench.repositories import declaration
from tests.e2e.conftest import ACME, World, new_project

SLIPWAY: Final = "slipway"
OPENTOFU: Final = "opentofu"
Command = tuple[str | Path, ...]


@dataclass(frozen=True)
class Lane:
    """One tool, ready for its first run."""

    name: str
    world: World
    folder: Path
    """Where its commands run."""
    variables: Mapping[str, str]
    """Environment variables of its commands."""
    runs: Mapping[str, Command]
    """The commands that are measured, by the name of the run."""
    states: Path
    """The folder of its state."""
    state: str
    """The pattern of its file there."""

    def state_bytes(self) -> int:
        """The size of the state as it is stored, which may be compressed."""
        endings = ("", ".gz", ".zst")
        (file,) = (file for end in endings for file in self.states.glob(f"{self.state}{end}"))
        return file.stat().st_size

    def commands(self) -> dict[str, str]:
        """Each run's command as a user types it."""
        return {
            run: " ".join([Path(program).name, *map(str, arguments)])
            for run, (program, *arguments) in self.runs.items()
        }


def slipway(world: World, folder: Path, names: Sequence[str], more: str) -> tuple[Lane, Stack]:
    """Declare the stack; the lane, and the stack as declared."""
    project = new_project(world, folder)
    project.new_stack("bench", ACME, **{name: declaration(name, more) for name in names})
    variables = world.environment | {
        "XDG_CACHE_HOME": str(folder / "cache"),
        # `--look` measures the cost of a look.
        "SLIPWAY_LOOK": "off",
    }
    # Set for the sandbox only; a user has slipway's default, and Pulumi's.
    del variables["PULUMI_PARALLEL"]
    own, plain = project.folder / ".venv/bin/slipway", ("--stack", "bench", "--non-interactive")
    runs: dict[str, Command] = {
        "first": (own, "up", "bench", "--yes"),
        "unchanged": (own, "up", "bench", "--yes"),
        "check with refresh": ("pulumi", "preview", "--refresh", *plain),
        "check": ("pulumi", "preview", *plain),
        "drift": (own, "drift", "bench", "--no-preview"),
    }
    states = folder / "sandbox/state"
    lane = Lane(
        SLIPWAY, world, project.folder, variables, runs, states, ".pulumi/stacks/*/bench.json"
    )
    return lane, StackFiles(project.folder / "stacks/bench").stack


def with_opentofu(world: World, folder: Path, stack: Stack) -> Lane:
    """Write the configuration and initialise it."""
    tofu, provider = ensure_opentofu(lambda _line: None)
    configuration = folder / "configuration"
    opentofu.write(configuration, stack)
    variables = {
        **opentofu.offline(folder, provider),
        "GITHUB_BASE_URL": world.record.github_url,
        "GITHUB_TOKEN": world.environment["GITHUB_TOKEN"],
    }
    plain = ("-input=false", "-no-color")
    cost_of(world, (tofu, "init", *plain), configuration, **variables)
    apply: Command = (tofu, "apply", "-auto-approve", *plain)
    plan: Command = (tofu, "plan", *plain)
    runs: dict[str, Command] = {
        "first": apply,
        "unchanged": apply,
        "check with refresh": plan,
        "check": (*plan, "-refresh=false"),
    }
    state = "terraform.tfstate"
    return Lane(OPENTOFU, world, configuration, variables, runs, configuration, state)
