"""The text of `--help` below the options of each command: examples, and its exit codes.

A test parses each example with the real parser, and compares the codes with those that the code of
the command can return.
"""

from typing import Final, NamedTuple

from components.config.problems import ExitCode

_FINE: Final = "done"
_WRONG: Final = "a declaration, an option or a setting is wrong; nothing was changed"
_INTERRUPTED: Final = "interrupted; the same command may be given again"
_PULUMI: Final = "GitHub, AWS or pulumi failed"
_REFUSED: Final = "GitHub or AWS refuses the credentials, or there are none"


class Guide(NamedTuple):
    """The lower part of a command's help."""

    examples: tuple[tuple[str, str], ...]
    """Command lines, each with what it does."""
    codes: dict[ExitCode, str]
    """The exit codes that not every command has, and the special meaning of the others."""


def guide_text(name: str) -> str:
    """The lower part of a command's help, as lines."""
    guide = GUIDES[name]
    width = max(len(line) for line, _ in guide.examples)
    examples = [f"  {line:<{width}}  {does}" for line, does in guide.examples]
    codes = [f"  {code.value}  {meaning}" for code, meaning in sorted(exit_codes(name).items())]
    return "\n".join(["examples:", *examples, "", "exit codes:", *codes])


def exit_codes(name: str) -> dict[ExitCode, str]:
    """Every exit code of a command, with its meaning."""
    common = {
        ExitCode.SUCCESS: _FINE,
        ExitCode.CONFIGURATION: _WRONG,
        ExitCode.CANCELLED: _INTERRUPTED,
    }
    return common | GUIDES[name].codes


GUIDES: Final[dict[str, Guide]] = {
    "init": Guide(
        (
            ("slipway init acme", "ask, look, write `_stack.yaml`, make the stack"),
            ("slipway init acme --owner acme", "ask for the rest"),
        ),
        {
            ExitCode.ERROR: f"{_PULUMI}; the same command goes on",
            ExitCode.AUTHENTICATION: _REFUSED,
            ExitCode.CANCELLED: "interrupted, or not agreed to",
        },
    ),
    "validate": Guide(
        (
            ("slipway validate", "every stack, without network"),
            ("slipway validate acme", "one stack"),
            ("slipway validate acme --live", "ask GitHub and AWS for all that `up` will need"),
            ("slipway validate acme --live --json", "the same checks for programs"),
        ),
        {
            ExitCode.SUCCESS: "no problem",
            ExitCode.ERROR: "with --live: GitHub or AWS failed",
            ExitCode.AUTHENTICATION: f"with --live: {_REFUSED}",
        },
    ),
    "render": Guide(
        (
            ("slipway render acme --out build/acme", "every repository of the stack"),
            ("slipway render acme billing --out build/acme", "one repository"),
            ("slipway render acme --live --out build/acme", "with the facts that GitHub knows"),
        ),
        {
            ExitCode.ERROR: "with --live: GitHub failed",
            ExitCode.AUTHENTICATION: "with --live: GitHub refuses the token, or there is none",
        },
    ),
    "rights": Guide(
        (("slipway rights acme --out build/rights", "the policies of each account of the stack"),),
        {},
    ),
    "drift": Guide(
        (
            ("slipway drift", "every stack except the samples"),
            ("slipway drift acme --diff", "one stack, with whole diffs of workflow files"),
            ("slipway drift acme --no-preview", "faster: without Pulumi's preview"),
            ("slipway drift acme --json", "for programs"),
            ("slipway drift --html drift.html --issue acme/ops", "a page, and an issue a stack"),
        ),
        {
            ExitCode.SUCCESS: "everything is as declared",
            ExitCode.ERROR: f"{_PULUMI}, so that a part was not compared",
            ExitCode.AUTHENTICATION: _REFUSED,
            ExitCode.CHANGES: "there are differences",
        },
    ),
    "trust": Guide(
        (
            ("slipway trust acme", "each role: what GitHub sends, what AWS admits"),
            ("slipway trust acme --json", "for programs"),
        ),
        {
            ExitCode.SUCCESS: "the roles are listed",
            ExitCode.ERROR: "GitHub failed, or an account of AWS could not be read",
            ExitCode.AUTHENTICATION: _REFUSED,
        },
    ),
    "up": Guide(
        (
            ("slipway up acme", "show the plan, ask, carry it out"),
            ("slipway up acme --yes", "ask no question, as in a workflow"),
            ("slipway up acme --accept", "also if it deletes or weakens much, after a question"),
            ("slipway up acme --continue", "do what can be done if something fails"),
        ),
        {
            ExitCode.SUCCESS: "the stack is as declared",
            ExitCode.ERROR: f"{_PULUMI}, or something has changed since the plan was made",
            ExitCode.AUTHENTICATION: _REFUSED,
            ExitCode.POLICY: "the plan deletes or weakens too much; nothing was changed",
            ExitCode.CANCELLED: "interrupted, or not agreed to",
        },
    ),
    "refresh": Guide(
        (("slipway refresh acme", "then `pulumi preview --stack acme` shows what it found"),),
        {
            ExitCode.SUCCESS: "the state is refreshed",
            ExitCode.ERROR: _PULUMI,
            ExitCode.AUTHENTICATION: _REFUSED,
        },
    ),
    "adopt": Guide(
        (
            ("slipway adopt acme billing --dry-run", "show what the standard would change"),
            ("slipway adopt acme billing ledger", "ask, then write declarations and import"),
            ("slipway adopt acme acme/billing --yes", "ask no question"),
            ("slipway adopt acme --all", "every declared repository, after a loss of the state"),
            ("slipway adopt acme billing --dry-run --json", "the same list for programs"),
        ),
        {
            ExitCode.ERROR: f"{_PULUMI}, or the preview differs from the list",
            ExitCode.AUTHENTICATION: _REFUSED,
            ExitCode.CANCELLED: "interrupted, or not agreed to",
        },
    ),
    "changed": Guide(
        (
            ("slipway changed origin/main", "the stacks of a pull request"),
            ("slipway changed", "every stack except the samples"),
        ),
        {},
    ),
    "schema": Guide(
        (
            ("slipway schema", "write them"),
            ("slipway schema --check", "in CI: are they those of this version?"),
        ),
        {ExitCode.CONFIGURATION: "with --check: a schema is stale; or an option is wrong"},
    ),
    "engine": Guide(
        (("slipway engine", "the folder for PATH"),),
        {ExitCode.ERROR: "there is no way to an engine here; the message names each way tried"},
    ),
    "sandbox": Guide(
        (
            ("slipway sandbox up", "start it and onboard the sample repositories"),
            ("slipway sandbox env", 'for a shell: eval "$(slipway sandbox env)"'),
            ("slipway sandbox start --github octocorp.ghe.com", "an empty one on ghe.com"),
            ("slipway sandbox down", "destroy what `up` made, and stop"),
        ),
        {ExitCode.ERROR: "it does not run, or does not start; or the code of pulumi"},
    ),
}
