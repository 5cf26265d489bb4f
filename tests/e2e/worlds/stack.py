"""One world in the sandbox, with an owner, accounts, a project and a stack of its own."""

from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

from tests.e2e.conftest import Project, new_project
from tests.e2e.conftest import World as Sandbox
from tests.e2e.worlds.declarations import SECRET_VARIABLE
from tests.e2e.worlds.facts import Data, World
from tests.e2e.worlds.planted import Place, declaration, looked, plant, settings

_SHOWN: Final = 6_000


class Stack:
    """A planted world, and the commands that run on it.

    Attributes:
        world: the facts.
        name: of the stack.
        project: has the stack's files.
        files: what each repository's file says.
    """

    def __init__(self, sandbox: Sandbox, world: World, folder: Path, number: int) -> None:
        """Plant the world, and declare it.

        Args:
            sandbox: holds any number of worlds.
            world: the facts.
            folder: for the project.
            number: no other world of the sandbox has it.
        """
        self.world, self.name = world, f"s{number}"
        self._sandbox, self.place = sandbox, Place.of(world, number)
        plant(sandbox, world, self.place)
        place = folder / f"world-{number}"
        place.mkdir()
        self.project: Project = new_project(sandbox, place)
        self.files = {one.name: declaration(one) for one in world.repositories}
        self.project.new_stack(self.name, settings(world, self.place), **self.files)
        for log in (sandbox.control, sandbox.aws):
            log("POST", "requests/reset")

    def slipway(self, *arguments: str) -> CompletedProcess[str]:
        """Run slipway with the world's token, whatever its exit code."""
        return self.project.slipway(*arguments, expect=None, **self._variables)

    def pulumi(self, *arguments: str) -> CompletedProcess[str]:
        """Run pulumi in the same way."""
        return self.project.pulumi(*arguments, expect=None, **self._variables)

    @property
    def _variables(self) -> dict[str, str]:
        return {SECRET_VARIABLE: "new", "GITHUB_TOKEN": self.place.token}

    def looked(self) -> Data:
        """Everything that is there."""
        return looked(self._sandbox, self.place)

    @property
    def writes(self) -> dict[str, int]:
        """How many requests that write were sent since the world was planted."""
        logs = {"GitHub": self._sandbox.control, "AWS": self._sandbox.aws}
        return {name: log("GET", "requests")["writes"] for name, log in logs.items()}

    @property
    def unserved(self) -> list[str]:
        """Requests that the sandbox's GitHub does not have."""
        found: list[str] = self._sandbox.control("GET", "requests")["unserved"]
        return found


def end_of(done: CompletedProcess[str]) -> str:
    """The end of what a command said."""
    return f"{done.stdout[-_SHOWN:]}\n{done.stderr[-_SHOWN:]}"
