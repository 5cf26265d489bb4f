"""Complete command lines in a shell: commands, options, stacks and repositories.

At each TAB the shell asks slipway itself, by argcomplete, so the names are those of the project in
the user's working directory. The answers come from files; GitHub is not asked, and no file is
checked: a TAB must be quick.
"""

import argparse
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from components.config.problems import ConfigurationError
from components.config.stacks import stack_folders, stacks_folder

SHELLS: Final = ("bash", "zsh", "fish")
#: The name in a declaration, in its usual form.
_NAME: Final = re.compile(r"^repository:[ \t]*[\"']?([\w.-]+)", re.MULTILINE)


class PrintCompletion(argparse.Action):
    """An option that prints the script for a shell, and exits."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Print the script for the shell that the user named."""
        del namespace, option_string
        # Only the start of a shell needs this library.
        from argcomplete.shell_integration import shellcode  # noqa: PLC0415

        print(shellcode([parser.prog], shell=values))  # noqa: T201 - data, as a shell reads it
        parser.exit()


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer a shell that asks for completions, and exit."""
    # Only a TAB needs this library.
    import argcomplete  # noqa: PLC0415
    from argcomplete.completers import SuppressCompleter  # noqa: PLC0415

    names: dict[str, Callable[..., Iterable[str]]] = {
        "STACK": _stacks,
        "REPO": _repositories,
        # slipway cannot know these names. Without a completer argcomplete offers files.
        **dict.fromkeys(
            ("HOST", "OWNER/REPO", "COMMIT", "EVENT", "REF", "URL"), SuppressCompleter()
        ),
    }
    for command in _commands(parser):
        for action in command._actions:  # noqa: SLF001 - as argcomplete does
            if action.metavar in names:
                action.completer = names[str(action.metavar)]  # type: ignore[attr-defined]
    argcomplete.autocomplete(parser)


def _commands(parser: argparse.ArgumentParser) -> Iterable[argparse.ArgumentParser]:
    for action in parser._actions:  # noqa: SLF001 - as argcomplete does
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            yield from action.choices.values()


def _stacks(**_: Any) -> Iterable[str]:
    """The names of the project's stacks."""
    try:
        return [folder.name for folder in stack_folders()]
    except ConfigurationError:
        return ()


def _repositories(*, parsed_args: argparse.Namespace, **_: Any) -> Iterable[str]:
    """The names of the repositories that the given stack declares."""
    try:
        files = sorted((stacks_folder() / parsed_args.stack).glob("*.y*ml"))
        texts = [file.read_text(encoding="utf-8") for file in files]
    except (ConfigurationError, OSError, UnicodeDecodeError, AttributeError, TypeError):
        return ()
    return [found[1] for text in texts if (found := _NAME.search(text))]
