"""Compare an existing `_stack.yaml`, which is kept, with the options: both must say the same."""

from collections.abc import Iterator
from pathlib import Path

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from components.config.yaml_files import Path_
from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS
from operations.commands.init.settings import NO_ROLE, Wanted, role_arn


def check_existing(folder: Path, wanted: Wanted) -> None:
    """Check that the declarations in a folder say what the options say.

    Raises:
        ConfigurationError: they say something else, or have mistakes.
    """
    files = StackFiles(folder)
    problems = [
        files.settings_document.problem(
            place,
            f"found {found!r}, and the option says {given!r}: edit this file, or drop the option",
        )
        for place, found, given in _pairs(files.stack.settings, wanted)
        if given is not None and given.lower() != found.lower()
    ]
    if problems:
        raise ConfigurationError(problems)


def _pairs(settings: StackSettings, wanted: Wanted) -> Iterator[tuple[Path_, str, str | None]]:
    """Each value with its place: as declared, and as the option has it."""
    yield ("owner",), settings.owner, wanted.owner
    yield ("github", "host"), settings.github.host, wanted.host
    for name in ENVIRONMENTS:
        account, place = settings.account(name), ("accounts", name)
        yield (*place, "account_id"), account.account_id, wanted.accounts.get(name)
        yield (*place, "region"), account.region, wanted.regions.get(name)
        role = wanted.roles.get(name)
        if role is not None:
            given = role_arn(account.account_id, account.region, role) or NO_ROLE
            yield (*place, "assume_role"), account.assume_role or NO_ROLE, given
