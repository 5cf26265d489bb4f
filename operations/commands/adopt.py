"""`slipway adopt`: take repositories that grew before the standard into it, as they are.

Proposes a declaration for each that means "no change", lists what the standard changes all the
same, takes into Pulumi's state what exists, and proves by Pulumi's own preview that nothing else
would change. GitHub and AWS are only read; the first `pulumi up` after it does what was listed.
Interrupted anywhere, it is run again: a declaration that exists is respected, and what is in the
state is not imported again.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from components.config.other_stacks import declared_elsewhere
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from operations.adoption.importing import Imports, carry_out, existing
from operations.adoption.proof import adopted_part, difference
from operations.adoption.proposal.declaration_file import write_new
from operations.adoption.report import Adoption, print_adoption
from operations.adoption.survey import Survey, survey
from operations.diff.compare import compare
from operations.diff.merge import merge
from operations.engine.errors import PulumiError
from operations.engine.plan_findings import preview_findings
from operations.engine.process import pulumi_json
from operations.engine.role_owners import role_owners
from operations.engine.stack_state import Export, export_state
from operations.guard.judgement import reasons_against
from operations.reports.report import counted
from operations.state.renames import undeclared_renames
from operations.terminal.output import STACKS, agreed, console, data, talk


def run(options: argparse.Namespace) -> int:
    """Adopt repositories of one stack; 1 where the proof fails, 8 without consent."""
    files = StackFiles(STACKS / options.stack)
    names = _names(files.stack.settings.owner, options.repositories)
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
                f"AWS account {account.account_id}: iam:GetAccountAuthorizationDetails or "
                "iam:ListRoles is refused, so roles of other names than slipway's were not looked "
                "for"
            )
    if options.json:
        data(adoption.as_json())
    else:
        print_adoption(adoption, console(), files=not options.yes)
    if options.dry_run:
        return ExitCode.SUCCESS
    # What there is to import, Pulumi can only say of declarations that are in place.
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
    return _prove(found, role_owners(StackFiles(files.folder).stack))


def _export(stack: str, *, dry: bool) -> Export:
    """The stack's state.

    Raises:
        ConfigurationError: Pulumi has no such stack; for a look alone it need not be there yet.
    """
    try:
        return export_state(stack)
    except PulumiError as error:
        if not dry:
            raise
        talk(f"{stack}: taken as new, its state can't be read: {error.output.strip()}")
        return {"deployment": {}}


def _names(owner: str, given: list[str]) -> list[str]:
    """Names without the owner, each once.

    Raises:
        ConfigurationError: one is another owner's.
    """
    names: dict[str, str] = {}
    problems = []
    for one in given:
        who, slash, name = one.rpartition("/")
        if slash and who.lower() != owner.lower():
            problems.append(Problem(one, 0, "", f"is not of {owner}, the stack's owner"))
        names.setdefault(name.lower(), name)
    if problems:
        raise ConfigurationError(problems)
    return list(names.values())


def _agreed(adoption: Adoption, imports: Imports | None) -> bool:
    """Whether a person at a terminal says yes; where nobody can be asked, they did not.

    Nothing is asked where nothing would be written: everything is adopted already.
    """
    if imports is not None and not imports.count:
        return True
    if not sys.stdin.isatty():
        talk(f"{adoption.stack}: say --yes to go on without a question")
        return False
    files = counted(len(adoption.proposed), "declaration", "declarations")
    write = f"Write {files} and import" if adoption.proposed else "Import"
    return agreed(f"{write} what exists into Pulumi's state?")


def _write(folder: Path, adoption: Adoption) -> None:
    for file, text in adoption.proposed.items():
        if write_new(folder / file, text):
            talk(f"{folder / file}: written")
        else:
            raise ConfigurationError(
                [Problem(str(folder / file), 0, "", "was written meanwhile: run this again")]
            )


def _prove(proven: Survey, roles: Mapping[str, str]) -> int:
    """Compare Pulumi's preview with the list.

    With a refresh, which a preview keeps to itself: an earlier run's state may be older than the
    list.

    Args:
        proven: what was adopted.
        roles: whose each role is, also of the stack's other repositories: these may have names that
            do not say so.
    """
    stack = proven.stack
    whole = pulumi_json("preview", "--refresh", "--json", "--stack", stack.name)
    plan = adopted_part(whole, {repository.name for repository in stack.repositories}, roles)
    found = difference(plan, proven.adoption.changes, roles)
    for line in found.unlisted:
        talk(f"  not listed: {line}")
    for line in found.absent:
        talk(f"  listed, and not in the preview: {line}")
    if found:
        talk(f"{stack.name}: the preview differs from the list; nothing of it has been carried out")
        return ExitCode.ERROR
    talk(f"{stack.name}: adopted; the preview shows what is listed and nothing else")
    findings = merge(compare(stack, proven.observed), preview_findings(plan, roles))
    if reasons := reasons_against(stack, plan, proven.observed, findings, roles):
        talk(f"slipway up {stack.name} carries it out; it will ask for --accept, since")
        for reason in reasons:
            talk(f"  {reason}")
    else:
        talk(f"slipway up {stack.name}, or pulumi up --stack {stack.name}, carries it out")
    return ExitCode.SUCCESS
