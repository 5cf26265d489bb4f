"""`slipway rights` writes the least policies that slipway itself needs in AWS."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from components.config.stacks import stacks_folder
from components.documents.rights import assumes, caps_every_role, rights
from components.model.stack import Account, Stack
from operations.terminal.output import data, made_folder, talk, writable

#: Characters that IAM allows in a managed policy, without white space (IAM User Guide: quotas).
_LONGEST: Final = 6144


def run(options: argparse.Namespace) -> int:
    """Write the policies of each account, and print their paths."""
    stack = StackFiles(stacks_folder() / options.stack).stack
    for path, document in _documents(stack):
        target: Path = options.out / path
        made_folder(target.parent)
        writable(target)
        target.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        data(str(target))
        if (length := len(json.dumps(document, separators=(",", ":")))) > _LONGEST:
            talk(
                f"{target}: {length} characters, and a managed policy has {_LONGEST} at most: "
                "attach its statements as several policies"
            )
    for _, account in stack.settings.distinct_accounts():
        if not caps_every_role(stack, account):
            talk(_warning(account))
    return ExitCode.SUCCESS


def _documents(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    for _, account in stack.settings.distinct_accounts():
        for name, document in rights(stack, account).items():
            yield f"{account.account_id}/{name}.json", document
    if (caller := assumes(stack)) is not None:
        yield "assume.json", caller


def _warning(account: Account) -> str:
    return (
        f"account {account.account_id}: not every role has a permissions boundary, so a "
        "holder of up.json can make a role with any rights in the account: declare "
        "role.permissions_boundary in the stack's defaults"
    )
