import subprocess
import sys
from pathlib import Path

import pytest

from operations.cli.arguments import COMMANDS
from operations.cli.completion import SHELLS
from operations.terminal.output import PROJECT

SLIPWAY = Path(sys.executable).parent / "slipway"
#: Completes each given line as bash does at TAB, and prints all proposals of a line on one line.
AT_TAB = """
PATH="$(dirname "$1"):$PATH"; source <(slipway --completion bash); shift
for line; do
  COMP_LINE="$line" COMP_POINT=${#line} COMP_TYPE=9 COMPREPLY=()
  _python_argcomplete slipway
  echo "${COMPREPLY[@]}"
done
"""


@pytest.mark.shell
def test_bash_completes_commands_options_stacks_and_repositories() -> None:
    """Bash gets commands, options, stacks and repositories, in any folder of the project."""
    expected = {
        "slipway ": {*COMMANDS, "--completion"},
        "slipway validate --l": {"--live"},
        "slipway validate ": {"example", "sandbox"},
        "slipway drift example s": {"sandbox"},
        "slipway render example ": {"invoice-api", "ledger-jobs", "shared-lib"},
        "slipway adopt sandbox bil": {"billing"},
        "slipway sandbox st": {"start", "stop"},
        "slipway render nowhere --li": {"--live"},
    }
    done = subprocess.run(
        ["bash", "-c", AT_TAB, "bash", SLIPWAY, *expected],
        cwd=PROJECT / "docs",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    for (line, wanted), proposed in zip(expected.items(), done.stdout.splitlines(), strict=True):
        assert wanted <= set(proposed.split()), line
    *_, stacks, repositories = (set(line.split()) for line in done.stdout.splitlines()[2:5])
    assert stacks == {"sandbox"}
    assert not {"example", "sandbox"} & repositories


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The script for each shell registers `slipway`, and printing it succeeds."""
    from operations.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["--completion", shell])
    assert ended.value.code in {0, None}
    script = capsys.readouterr().out
    assert "complete" in script
    assert "slipway" in script
