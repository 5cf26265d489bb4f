"""`slipway adopt`: bring existing repositories under the standard as they are.

The command proposes a declaration for each repository that keeps its settings, and lists every
change that the standard makes all the same. It imports the existing objects into Pulumi's state and
proves by Pulumi's own preview that nothing else would change. It only reads GitHub and AWS; the
next `pulumi up` makes the listed changes. After an interruption it can be run again: it keeps a
declaration that exists, and imports no object twice.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from components.config.baseline import judged, today
from components.config.other_stacks import declared_elsewhere
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.config.stacks import stacks_folder
from operations.adoption.importing import Imports, carry_out, existing
from operations.adoption.proof import adopted_part, difference
from operations.adoption.proposal.declaration_file import write_new
from operations.adoption.report import Adoption, print_adoption
from operations.adoption.survey import Survey, survey
from operations.diff.compare import compare
from operations.diff.merge import merge
from operations.engine.errors import PulumiError
from operations.engine.plan.findings import preview_findings
from operations.engine.process import pulumi_json
from operations.engine.stack_state import Export, export_state
from operations.guard.judgement import reasons_against
from operations.state.renames import undeclared_renames
from operations.terminal.lists import counted
from operations.terminal.output import agreed, console, data, talk


def run(options: argparse.Namespace) -> int:
    """Adopt repositories into one stack; 1 if the proof fails, 8 without consent."""
    files = StackFiles(stacks_folder() / options.stack)
    declared = [repository.name for repository in files.stack.repositories]
    names = _names(files.stack.settings.owner, declared if options.all else options.repositories)
    if elsewhere := declared_elsewhere(files, names):
        raise ConfigurationError(elsewhere)
    export = _export(files.stack.name, dry=options.dry_run)
    if renamed := undeclared_renames(files, export, names):
        raise ConfigurationError(renamed)
    found = survey(files, names, export)
    adoption = found.adoption
    for account in found.observed.accounts.values():
        if not account.complete:
            talk(
                f"AWS account {account.account_id} refuses iam:GetAccountAuthorizationDetails or "
                "iam:ListRoles: only roles with slipway's own names were looked for"
            )
    if options.json:
        data(adoption.as_json())
    else:
        print_adoption(adoption, console(), files=not options.yes)
    if options.dry_run:
        return ExitCode.SUCCESS
    # Pulumi can list the objects to import only if the declarations are in the stack's folder.
    imports = None if adoption.proposed else existing(found.stack, found.observed)
    if not options.yes and not _agreed(adoption, imports):
        talk(f"{adoption.stack}: nothing was written")
        return ExitCode.CANCELLED
    _write(files.folder, adoption)
    imports = imports or existing(found.stack, found.observed)
    if imports.count:
        talk(f"{adoption.stack}: importing what exists")
        carry_out(imports)
        imported = counted(imports.count, "resource", "resources")
        talk(f"{adoption.stack}: {imported} imported; previewing")
    else:
        talk(f"{adoption.stack}: nothing to import; previewing")
    now = StackFiles(files.folder)
    for weaker in judged(now, today()).problems:
        talk(str(weaker))
    return _prove(found, now.stack.role_owners())


def _export(stack: str, *, dry: bool) -> Export:
    """The stack's state.

    Raises:
        ConfigurationError: the stack does not exist, and this is not a dry run.
    """
    try:
        return export_state(stack)
    except PulumiError as error:
        if not dry:
            raise
        talk(f"{stack}: treated as a new stack, its state cannot be read: {error.output.strip()}")
        return {"deployment": {}}


def _names(owner: str, given: list[str]) -> list[str]:
    """Names without the owner, each once.

    Raises:
        ConfigurationError: a repository belongs to another owner.
    """
    names: dict[str, str] = {}
    problems = []
    for one in given:
        who, slash, name = one.rpartition("/")
        if slash and who.lower() != owner.lower():
            problems.append(Problem(one, 0, "", f"does not belong to {owner}, the stack's owner"))
        names.setdefault(name.lower(), name)
    if problems:
        raise ConfigurationError(problems)
    return list(names.values())


def _agreed(adoption: Adoption, imports: Imports | None) -> bool:
    """True if the user agrees at a terminal, or if nothing would be written.

    Nothing would be written if everything is adopted already. Without a terminal the answer is no.
    """
    if imports is not None and not imports.count:
        return True
    if not sys.stdin.isatty():
        talk(f"{adoption.stack}: this is no terminal, so nothing can be asked: give --yes to go on")
        return False
    files = counted(len(adoption.proposed), "declaration", "declarations")
    write = f"Write {files} and import" if adoption.proposed else "Import"
    return agreed(f"{write} what exists into Pulumi's state?")


def _write(folder: Path, adoption: Adoption) -> None:
    for file, text in adoption.proposed.items():
        if not write_new(folder / file, text):
            again = "was created by another program meanwhile: run this command again"
            raise ConfigurationError([Problem(str(folder / file), 0, "", again)])
        talk(f"{folder / file}: written")


def _prove(proven: Survey, roles: Mapping[str, str]) -> int:
    """Compare Pulumi's preview with the list of changes.

    The preview refreshes, as the state of an earlier run may be older than the list. A preview does
    not save the refreshed state.

    Args:
        proven: the adoption.
        roles: declared name of the repository by its roles' names in lower case, for every
            repository of the stack, since a declared name may tell nothing about its repository.
    """
    stack = proven.stack
    whole = pulumi_json("preview", "--refresh", "--json", "--stack", stack.name)
    plan = adopted_part(whole, {repository.name for repository in stack.repositories}, roles)
    found = difference(plan, proven.adoption.changes, roles)
    for line in found.unlisted:
        talk(f"  not listed: {line}")
    for line in found.absent:
        talk(f"  listed, but not in the preview: {line}")
    if found:
        talk(f"{stack.name}: the preview differs from the list; no change has been made")
        return ExitCode.ERROR
    talk(f"{stack.name}: adopted; the preview shows the listed changes and nothing else")
    findings = merge(compare(stack, proven.observed), preview_findings(plan, roles))
    if reasons := reasons_against(stack, plan, proven.observed, findings, roles):
        talk(f"slipway up {stack.name} makes these changes; it needs --accept, because")
        for reason in reasons:
            talk(f"  {reason.text}")
    else:
        talk(f"slipway up {stack.name}, or pulumi up --stack {stack.name}, makes these changes")
    return ExitCode.SUCCESS
