"""The commands that follow `slipway init`, each with its purpose.

Only what this machine lacks is listed: a token, the address of the state, a `pulumi` on PATH.
"""

import os
import shlex
from collections.abc import Iterator
from typing import Final

from components.config.sanitize import message
from components.config.stacks import stacks_folder
from operations.commands.init.pulumi_stack import PASSPHRASE, VARIABLE, Backend

#: Purposes of longer commands stand above them.
_WIDTH: Final = 50


def next_steps(stack: str, backend: Backend, *, on_path: bool) -> Iterator[str]:
    """The lines.

    Args:
        stack: its name.
        backend: where its state is.
        on_path: whether the user's PATH has a pulumi.
    """
    folder, configuration = stacks_folder() / stack, stacks_folder() / f"Pulumi.{stack}.yaml"
    # Pulumi writes it for a secrets provider that has something to remember there.
    files = f"{folder} {configuration}" if configuration.exists() else str(folder)
    steps = dict(_exports(backend, on_path=on_path)) | {
        f"write {folder}/REPOSITORY.yaml": "for each repository; `repository: NAME` is complete",
        f"slipway adopt {stack} NAME": "instead, where environments or roles are there already",
        f"pulumi config set --stack {stack} --secret --path 'secrets.REPOSITORY.ENV.NAME' VALUE": (
            "for each name in a declaration's `secrets`, unless it has another source"
        ),
        f"slipway validate --live {stack}": "whether GitHub and AWS have all that is needed",
        f"slipway up {stack}": "shows the plan, asks, provisions",
        f"git add {files}": "the declarations belong into your fork",
    }
    width = max(len(step) for step in steps if len(step) <= _WIDTH)
    for step, purpose in steps.items():
        if len(step) <= _WIDTH:
            yield f"  {step:{width}}  # {purpose}"
        else:
            yield from (f"  # {purpose}", f"  {step}")
    if backend.by_passphrase:
        name = next((name for name in PASSPHRASE if name in os.environ), PASSPHRASE[0])
        yield f"Each further shell needs {name}, with the same passphrase."


def _exports(backend: Backend, *, on_path: bool) -> Iterator[tuple[str, str]]:
    if address := backend.to_export:
        # A user or a password would be printed as dots, and the line could not be copied.
        shown = shlex.quote(address) if message(address) == address else "URL"
        which = ": the same address" if shown == "URL" else ""
        yield f"export {VARIABLE}={shown}", f"in each shell, or log in with `pulumi login`{which}"
    if not os.environ.get("GITHUB_TOKEN"):
        yield "export GITHUB_TOKEN=TOKEN", "in each shell; it may administer the repositories"
    if not on_path:
        yield 'export PATH="$(slipway engine):$PATH"', "in each shell: PATH has no `pulumi`"
