"""The look at the live world that a preview takes: beside the program's work, told at its end.

Pulumi's diff is between the declarations and what its state knows. What else differs is told with
it, a warning each; see `watch` for how the program knows what Pulumi shows. An update looks at
nothing: its preview did.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pulumi

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from operations.looking import OFF
from operations.looking.setting import FAIL, look_setting

if TYPE_CHECKING:
    from operations.looking.seen import Seen

Exports = Mapping[str, pulumi.Input[Any]]


class Look:
    """One look at a stack's live world, begun before the program's resources are made."""

    def __init__(self, files: StackFiles) -> None:
        """Begin, if the program runs in a preview and is to look.

        Raises:
            ConfigurationError: `slipway:look` is none of its words.
        """
        self._stack = files.stack
        self._setting = look_setting()
        self._seeing: Future[Seen] | None = None
        if self._setting != OFF and pulumi.runtime.is_dry_run():
            # Imported here, as all that looks: no update should wait for it.
            from operations.looking.watch import Watch  # noqa: PLC0415

            self._watch = Watch()
            pool = ThreadPoolExecutor(1)
            self._seeing = pool.submit(_see, self._stack)
            pool.shutdown(wait=False)

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
            raise pulumi.RunError("\n".join([head, *lines]))
        for line in lines:
            pulumi.log.warn(line)
        return found

    async def _lines(self, seeing: "Future[Seen]", declared: set[str]) -> list[str]:
        """A line for each difference, and for what could not be looked at.

        Whatever goes wrong here is told: a preview shows what it shows without it.
        """
        from operations.reports.reason import reason  # noqa: PLC0415

        try:
            seen = await asyncio.wrap_future(seeing)
        except Exception as error:  # noqa: BLE001 - see above
            why = reason(error) if isinstance(error, ConfigurationError) else repr(error)
            return [f"GitHub and AWS were not compared with the declarations: {why}"]
        lines = []
        try:
            state = await self._watch.state()
        except Exception as error:  # noqa: BLE001 - see above
            lines = [f"whether a secret was overwritten is not known, no state: {error!r}"]
            state = {"deployment": {}}
        return lines + seen.untold(self._watch.steps, declared, state)


def _see(stack: Stack) -> "Seen":
    from operations.looking.seen import Seen  # noqa: PLC0415

    return Seen(stack)
