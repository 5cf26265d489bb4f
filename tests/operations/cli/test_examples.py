import shlex
from pathlib import Path

import grimp
import pytest

from components.config.problems import ExitCode
from operations.cli import parsed
from operations.cli.arguments import COMMANDS
from operations.cli.examples import GUIDES, exit_codes
from operations.terminal.output import PROJECT
from tests.operations.cli.codes import named_codes

#: Codes that every command has: success, a wrong option, an interruption.
EVERYWHERE = {ExitCode.SUCCESS, ExitCode.CONFIGURATION, ExitCode.CANCELLED}
EXAMPLES = [
    pytest.param(name, line, id=line)
    for name, guide in GUIDES.items()
    for line, _ in guide.examples
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """The imports of the product."""
    return grimp.build_graph("components", "operations", "sandbox", cache_dir=None)


def test_every_command_has_a_guide() -> None:
    """Each command has at least one example, and there is no example of another command."""
    assert GUIDES.keys() == COMMANDS.keys()
    assert all(guide.examples for guide in GUIDES.values())


@pytest.mark.parametrize(("name", "line"), EXAMPLES)
def test_an_example_is_a_command_line(
    name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real parser accepts each example, which is an example of its own command."""
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(line)
    assert program == "slipway"
    assert parsed(arguments).command == name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_exit_codes_of_the_help_are_those_of_the_code(
    name: str, graph: grimp.ImportGraph
) -> None:
    """The help names exactly the exit codes in the command's module and the modules it imports."""
    command = f"operations.commands.{COMMANDS[name].folder}{name}"
    modules = {command, *graph.find_upstream_modules(command)} - {"components.config.problems"}
    assert set(exit_codes(name)) == EVERYWHERE.union(*map(named_codes, modules))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_examples_and_codes_on_lines_of_their_own(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` shows each example and exit code on one line of at most 100 characters."""
    with pytest.raises(SystemExit):
        parsed([name, "--help"])
    lines = capsys.readouterr().out.splitlines()
    for example, does in GUIDES[name].examples:
        assert any(
            line.startswith(f"  {example}  ") and line.endswith(f"  {does}") for line in lines
        ), example
    for code, meaning in exit_codes(name).items():
        assert f"  {code.value}  {meaning}" in lines
    assert max(map(len, lines)) <= 100


def test_the_top_of_the_help_says_where_examples_are(capsys: pytest.CaptureFixture[str]) -> None:
    """`slipway --help` points to the help of a command, and names the completion."""
    with pytest.raises(SystemExit):
        parsed(["--help"])
    said = capsys.readouterr().out
    assert "slipway COMMAND --help has examples and exit codes" in said
    assert "--completion" in said
    assert (PROJECT / "README.md").read_text(encoding="utf-8").count("slipway --completion") == 1
