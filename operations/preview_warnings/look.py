"""Compare the live world with the declarations while the program runs in a preview.

Pulumi's diff compares the declarations with its state. At the end of the program, one warning
reports each further difference; `watch` finds out what Pulumi's diff shows. An update compares
nothing, because its preview did.
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
from operations.preview_warnings.background import in_background
from operations.preview_warnings.setting import FAIL, look_setting

if TYPE_CHECKING:
    from operations.live.observed import RepositoryDetails
    from operations.preview_warnings.comparison import Comparison

Exports = Mapping[str, pulumi.Input[Any]]

#: Seconds that the comparison may take: at least the first, more with many repositories.
_PATIENCE: Final = 60
_EACH: Final = 2
#: Further seconds for the work that follows after an account has not answered in time.
_REST: Final = 5
_NOT_COMPARED: Final = "GitHub and AWS were not compared with the declarations"


class Look:
    """One comparison of a stack, begun before the program creates its resources."""

    def __init__(self, files: StackFiles, details: "Mapping[str, RepositoryDetails]") -> None:
        """Begin, if the program runs in a preview and the setting is not `off`.

        Args:
            files: the declarations.
            details: by repository name, the details that the program has read already.

        Raises:
            ConfigurationError: `slipway:look` has a value that does not exist.
        """
        self._stack = files.stack
        self._setting = look_setting()
        self._comparing: Future[Comparison] | None = None
        if self._setting != OFF and pulumi.runtime.is_dry_run():
            # Imported only here, like everything that compares: no update should wait for it.
            from operations.preview_warnings.watch import Watch  # noqa: PLC0415

            self._watch = Watch()
            self._patience = max(_PATIENCE, _EACH * len(self._stack.repositories))
            self._until = time.monotonic() + self._patience + _REST
            self._comparing = in_background(partial(_compare, self._stack, details, self._patience))

    async def told(self, exports: Awaitable[Exports]) -> Exports:
        """The program's exports, after every difference was reported; for `pulumi.run`.

        Raises:
            RunError: there is a line to report, and `slipway:look` is `fail`.
        """
        found = await exports
        if self._comparing is None:
            return found
        try:
            declared = await self._watch.registered()
        except Exception:  # noqa: BLE001 - the SDK reports the error and ends the program
            return found
        lines = await self._lines(self._comparing, declared)
        if lines and self._setting == FAIL:
            head = f"{self._stack.name} is not as declared, and slipway:look is `fail`:"
            raise pulumi.RunError("\n".join([head, *map(visible, lines)]))
        for line in lines:
            pulumi.log.warn(visible(line))
        return found

    async def _lines(self, comparing: "Future[Comparison]", declared: set[str]) -> list[str]:
        """A line for each difference, and for each part that could not be compared.

        An error becomes a line as well: it must not stop the preview.
        """
        from operations.terminal.reason import reason  # noqa: PLC0415

        left = max(self._until - time.monotonic(), 0)
        answer = asyncio.wrap_future(comparing)
        done, _ = await asyncio.wait([answer], timeout=left)
        if not done:
            return [f"{_NOT_COMPARED}: the comparison took longer than {self._patience} seconds"]
        try:
            compared = answer.result()
        except Exception as error:  # noqa: BLE001 - see above
            why = reason(error) if isinstance(error, ConfigurationError) else repr(error)
            return [f"{_NOT_COMPARED}: {why}"]
        lines = compared.accounts_left_out()
        try:
            state = await self._watch.state()
        except Exception as error:  # noqa: BLE001 - see above
            lines.append(f"secrets were not checked: the state cannot be read: {error!r}")
            state = {"deployment": {}}
        return lines + compared.not_shown(self._watch.steps, declared, state)


def _compare(
    stack: Stack, details: "Mapping[str, RepositoryDetails]", patience: float
) -> "Comparison":
    from operations.preview_warnings.comparison import Comparison  # noqa: PLC0415

    return Comparison(stack, details, patience)
