"""The look at the live world that a preview takes: beside the program's work, told at its end.

Pulumi's diff is between the declarations and what its state knows. What else differs is told with
it, a warning each; see `watch` for how the program knows what Pulumi shows. An update looks at
nothing: its preview did.
"""

import asyncio
import time
from collections.abc import Awaitable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pulumi

from components.config.problems import ConfigurationError
from components.config.sanitize import visible
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from operations.engine.look_variable import OFF
from operations.preview_warnings.background import apart
from operations.preview_warnings.setting import FAIL, look_setting

if TYPE_CHECKING:
    from operations.live.observed import RepositoryDetails
    from operations.preview_warnings.seen import Seen

Exports = Mapping[str, pulumi.Input[Any]]

#: Seconds that a look may take, and for each repository where these are more.
_PATIENCE: Final = 60
_EACH: Final = 2
#: For what comes after an account that did not answer.
_REST: Final = 5
_NOT_COMPARED: Final = "GitHub and AWS were not compared with the declarations"


class Look:
    """One look at a stack's live world, begun before the program's resources are made."""

    def __init__(self, files: StackFiles, details: "Mapping[str, RepositoryDetails]") -> None:
        """Begin, if the program runs in a preview and is to look.

        Args:
            files: the declarations.
            details: the program's reading of each repository, which is not asked for again.

        Raises:
            ConfigurationError: `slipway:look` is none of its words.
        """
        self._stack = files.stack
        self._setting = look_setting()
        self._seeing: Future[Seen] | None = None
        if self._setting != OFF and pulumi.runtime.is_dry_run():
            # Imported here, as all that looks: no update should wait for it.
            from operations.preview_warnings.watch import Watch  # noqa: PLC0415

            self._watch = Watch()
            self._patience = max(_PATIENCE, _EACH * len(self._stack.repositories))
            self._until = time.monotonic() + self._patience + _REST
            self._seeing = apart(partial(_see, self._stack, details, self._patience))

    async def told(self, exports: Awaitable[Exports]) -> Exports:
        """The program's exports, once it is told what differs; for `pulumi.run`.

        Raises:
            RunError: something differs, or could not be looked at, and `slipway:look` is `fail`.
        """
        found = await exports
        if self._seeing is None:
            return found
        try:
            declared = await self._watch.registered()
        except Exception:  # noqa: BLE001 - the SDK says what went wrong, and ends the program
            return found
        lines = await self._lines(self._seeing, declared)
        if lines and self._setting == FAIL:
            head = f"{self._stack.name} is not as declared, and slipway:look is `fail`:"
            raise pulumi.RunError("\n".join([head, *map(visible, lines)]))
        for line in lines:
            pulumi.log.warn(visible(line))
        return found

    async def _lines(self, seeing: "Future[Seen]", declared: set[str]) -> list[str]:
        """A line for each difference, and for what could not be looked at.

        Whatever goes wrong here is told: a preview shows what it shows without it.
        """
        from operations.terminal.reason import reason  # noqa: PLC0415

        left = max(self._until - time.monotonic(), 0)
        answer = asyncio.wrap_future(seeing)
        done, _ = await asyncio.wait([answer], timeout=left)
        if not done:
            return [f"{_NOT_COMPARED}: the look took longer than {self._patience} seconds"]
        try:
            seen = answer.result()
        except Exception as error:  # noqa: BLE001 - see above
            why = reason(error) if isinstance(error, ConfigurationError) else repr(error)
            return [f"{_NOT_COMPARED}: {why}"]
        lines = seen.unseen()
        try:
            state = await self._watch.state()
        except Exception as error:  # noqa: BLE001 - see above
            lines.append(f"whether a secret was overwritten is not known, no state: {error!r}")
            state = {"deployment": {}}
        return lines + seen.untold(self._watch.steps, declared, state)


def _see(stack: Stack, details: "Mapping[str, RepositoryDetails]", patience: float) -> "Seen":
    from operations.preview_warnings.seen import Seen  # noqa: PLC0415

    return Seen(stack, details, patience)
