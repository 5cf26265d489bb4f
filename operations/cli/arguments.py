"""The `slipway` command line: every command with its options and its help."""

import argparse
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from components.config.stacks import stack_name
from components.model.types import ENVIRONMENTS
from operations.cli.completion import SHELLS, PrintCompletion
from operations.cli.examples import guide_text
from operations.guard.reason import ALL, accepted_value


class Command(NamedTuple):
    """One command."""

    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    folder: str = ""
    """The folder of `operations.commands` with its module, and a dot; empty for none."""


class _Help(argparse.HelpFormatter):
    """Help whose examples and exit codes keep their lines; other text is folded as usual."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


def _stack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stack", type=stack_name, metavar="STACK", help="a folder below stacks/")


def _init(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make a stack: ask for what no option says, look at GitHub and AWS, write "
        "stacks/STACK/_stack.yaml, make the stack in Pulumi's backend, say what to do next. "
        "Overwrites nothing; a second run makes what is missing. Without a terminal, give --owner, "
        "--account, --region and --yes."
    )
    _stack(parser)
    parser.add_argument("--owner", metavar="LOGIN", help="organisation or user of the repositories")
    parser.add_argument("--github", metavar="HOST", help="where GitHub is; default: github.com")
    for option, value, help_ in (
        ("--account", "ID", "AWS account of an environment (dev, test, prod), or of all"),
        ("--region", "REGION", "AWS region of the deployments, likewise"),
        (
            "--assume-role",
            "ROLE",
            "name or ARN of the role that slipway assumes, likewise; or none",
        ),
    ):
        form = f"[ENV=]{value}"
        parser.add_argument(option, action="append", default=[], metavar=form, help=help_)
    parser.add_argument("--backend", metavar="URL", help="Pulumi's backend; default: your login")
    parser.add_argument(
        "--secrets-provider",
        metavar="NAME",
        help="as of `pulumi stack init`; default: that of Pulumi.STACK.yaml, otherwise default",
    )
    parser.add_argument("--yes", action="store_true", help="ask no question, also at a terminal")


def _engine(parser: argparse.ArgumentParser) -> None:
    parser.description = "Find or make pulumi and its plugins; print the folder that holds them."


def _validate(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Check every declaration of the stack, or of all stacks, without any network. With --live, "
        "ask GitHub, each AWS account and Pulumi's state for everything that up will need, and "
        "print one line for each check."
    )
    parser.add_argument(
        "stack", nargs="?", type=stack_name, metavar="STACK", help="a folder below stacks/"
    )
    parser.add_argument("--live", action="store_true", help="ask GitHub and AWS (reads only)")
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")


def _render(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write what would be provisioned, without any network: "
        "DIR/REPO/.github/workflows/*.yml and DIR/REPO/aws/ENVIRONMENT/{trust,permissions}.json."
    )
    _stack(parser)
    parser.add_argument("repository", nargs="?", metavar="REPO", help="only this repository")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument("--live", action="store_true", help="ask GitHub for subjects and branches")


def _rights(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write the least IAM policies that slipway itself needs for the stack, without network: "
        "DIR/ACCOUNT/{preview,drift,up}.json, and DIR/assume.json for the caller of assume_role."
    )
    _stack(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")


def _drift(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Tell whether GitHub and AWS still are what is declared: by Pulumi's preview with refresh, "
        "and by an observer of slipway's own that sees what Pulumi does not: removed reviewers, "
        "overwritten secrets, additions by hand. Reads only. Exit code 7 on drift."
    )
    parser.add_argument(
        "stacks", nargs="*", type=stack_name, metavar="STACK", help="folders below stacks/; all"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON instead of a table")
    form.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one self-contained page")
    parser.add_argument(
        "--issue", metavar="OWNER/REPO", help="open, update or close one issue a stack there"
    )
    parser.add_argument(
        "--diff",
        action="store_true",
        help="show long diffs of workflow files whole, too, in the table, Markdown and the issue",
    )
    parser.add_argument(
        "--no-preview",
        dest="preview",
        action="store_false",
        help="the observer and the state alone",
    )
    parser.add_argument(
        "--no-cache", dest="cache", action="store_false", help="keep no answers of GitHub on disk"
    )


def _trust(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "List which id-tokens each role of the stack admits: the subject that GitHub sends now, "
        "what AWS admits, what is declared, which claims are left out and why, and what can be "
        "dropped after a move. Reads only."
    )
    _stack(parser)
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")
    parser.add_argument(
        "--no-cache", dest="cache", action="store_false", help="keep no answers of GitHub on disk"
    )


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Tell whether a job gets the role of an environment: what GitHub and AWS ask, in their "
        "order, each with the answer, and for what fails the one change that mends it and where. "
        "Without further options: the standard's job of each environment. Reads only."
    )
    _stack(parser)
    parser.add_argument("repository", metavar="REPO", help="a repository that the stack declares")
    parser.add_argument(
        "--environment", choices=ENVIRONMENTS, help="default: all, or that of the given job"
    )
    parser.add_argument("--event", metavar="EVENT", help="that starts the run, such as push")
    parser.add_argument("--ref", metavar="REF", help="of the run, such as refs/heads/main")
    job = parser.add_mutually_exclusive_group()
    job.add_argument(
        "--token", metavar="FILE", help="an id-token of the job; - is stdin; it is not kept"
    )
    job.add_argument("--run", metavar="URL", help="a run of GitHub Actions, by its page's address")
    job.add_argument(
        "--cloudtrail", metavar="FILE", help="an AssumeRoleWithWebIdentity event; - is stdin"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def _refresh(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Refresh Pulumi's state, and tell it what the providers cannot: removed reviewers, "
        "overwritten secrets, what an interrupted update left open. Then plain pulumi preview "
        "shows it and plain pulumi up repairs it. Writes to the state alone, after a backup."
    )
    _stack(parser)


def _up(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Refresh, preview, look at the plan, then pulumi up. Refused without consent, with code "
        "5: a plan by which more than 25 % of the repositories lose something, by which anything "
        "protected becomes weaker, or which deletes what is still declared. The refusal lists each "
        "reason with its identifier, which is valid for the same reason whenever it returns."
    )
    _stack(parser)
    parser.add_argument(
        "--accept",
        action="append",
        nargs="?",
        type=accepted_value,
        const=ALL,
        default=[],
        metavar="ID,...",
        help=f"consent to reasons that a refused run has listed; alone, or `{ALL}`: to each reason",
    )
    parser.add_argument(
        "--continue",
        dest="go_on",
        action="store_true",
        help="a change that fails stops only those that need it; the code is 1 all the same",
    )
    parser.add_argument("--yes", action="store_true", help="ask no question")


def _adopt(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Take repositories that grew before the standard into a stack as they are: propose their "
        "declarations, list what the standard changes, import what exists into Pulumi's state, "
        "prove by a preview that nothing else changes (exit code 1 if it does). Nothing is "
        "written to GitHub or AWS. May be run again after an interruption."
    )
    _stack(parser)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "repositories", nargs="*", default=[], metavar="REPO", help="names, or OWNER/NAME"
    )
    which.add_argument(
        "--all", action="store_true", help="every repository that the stack declares"
    )
    parser.add_argument("--dry-run", action="store_true", help="propose and list, write nothing")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--yes", action="store_true", help="ask no question")


def _changed(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Print a JSON list of the stacks that differ between a commit and now; without a commit, "
        "of all stacks. The sample stacks are left out."
    )
    parser.add_argument("base", nargs="?", metavar="COMMIT", help="such as origin/main")


def _schema(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write the JSON Schemas of the declarations into stacks/schema/."
    parser.add_argument("--check", action="store_true", help="only say whether they are current")


def _sandbox(parser: argparse.ArgumentParser) -> None:
    parser.description = "GitHub and AWS on this machine alone, for trying slipway out."
    parser.add_argument(
        "action",
        choices=("start", "stop", "env", "reset", "up", "down"),
        help=(
            "start it; stop it, which forgets all that is in it and its stack; print the exports "
            "that point pulumi at it; back to its first day; onboard the sample repositories; "
            "destroy them and stop"
        ),
    )
    parser.add_argument(
        "--github",
        metavar="HOST",
        help="with start: be the GitHub of this host, as in octocorp.ghe.com",
    )


_DECLARED: Final = "declared."

COMMANDS: Final[dict[str, Command]] = {
    "init": Command("make a stack: its file, its state, its secrets provider", _init),
    "validate": Command("check every declaration", _validate),
    "render": Command("write the files and policies that would be provisioned", _render, _DECLARED),
    "rights": Command("write the AWS policies that slipway itself needs", _rights, _DECLARED),
    "drift": Command("tell whether the live world is as declared", _drift),
    "trust": Command("list which id-tokens each role admits", _trust),
    "explain": Command("tell whether a job gets its role, and why not", _explain),
    "up": Command("pulumi up, after a look at what would be lost or weakened", _up),
    "refresh": Command("refresh the state, with what the providers overlook", _refresh),
    "adopt": Command("take repositories that grew before the standard as they are", _adopt),
    "changed": Command("list the stacks that a change is about", _changed, _DECLARED),
    "schema": Command("write the JSON Schemas that editors use", _schema, _DECLARED),
    "engine": Command("find or make pulumi and its plugins", _engine),
    "sandbox": Command("the offline world to try it all in", _sandbox),
}


def module_of(command: str) -> str:
    """The module that runs a command."""
    return f"operations.commands.{COMMANDS[command].folder}{command}"


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="slipway",
        description="Commands around pulumi for onboarding repositories.",
        epilog="slipway COMMAND --help has examples and exit codes, which are Pulumi's.",
    )
    top.add_argument("--version", action="version", version=f"slipway {version('slipway')}")
    top.add_argument(
        "--completion",
        action=PrintCompletion,
        choices=SHELLS,
        help='print the completion of this shell: eval "$(slipway --completion bash)"',
    )
    verbs = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        verb = verbs.add_parser(
            name, help=command.help, epilog=guide_text(name), formatter_class=_Help
        )
        command.arguments(verb)
        verb.set_defaults(usage_error=verb.error)
    return top
