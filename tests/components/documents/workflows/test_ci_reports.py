"""Steps of CI keep a tool's output and report it."""

import shlex
from typing import Final

import pytest

from components.documents.workflows import ci_scripts
from tests.components.documents.workflows.runner import Runner

pytestmark = pytest.mark.shell

SCRIPTS: Final = vars(ci_scripts)


def test_tests_are_looked_for(runner: Runner) -> None:
    """The step sets its output `present` only if there is a folder tests/; later steps read it."""
    runner.run(ci_scripts.FIND_TESTS)
    assert runner.output == ""
    (runner.workspace / "tests").mkdir()
    runner.run(ci_scripts.FIND_TESTS)
    assert runner.output == "present=true\n"


def custom(runner: Runner, shell: str, script: str) -> int:
    """Run a step with its own `shell`, as the runner does; return the exit code."""
    file = runner.temporary / "script.sh"
    file.write_text(script)
    command, _, arguments = shell.partition(" ")
    return runner.returned([command, *shlex.split(arguments.replace("{0}", str(file)))])


@pytest.mark.parametrize("tool", ["flake8", "bandit"])
@pytest.mark.parametrize("blocking", [False, True])
def test_a_tools_output_is_kept(runner: Runner, tool: str, *, blocking: bool) -> None:
    """The standard's commands hide neither the tool's output nor, if it blocks, its failure."""
    runner.stand_in("pip")
    runner.stand_in(tool, "found\n", exit_code=1)
    script = SCRIPTS[f"{tool.upper()}_BLOCKING" if blocking else tool.upper()]
    assert custom(runner, ci_scripts.KEEP_OUTPUT.format(tool=tool), script) == int(blocking)
    assert "found\n" in (runner.temporary / f"{tool}.txt").read_text()


@pytest.mark.parametrize("code", range(6))
@pytest.mark.parametrize("blocking", [False, True])
def test_pytests_exit_code_is_kept(runner: Runner, code: int, *, blocking: bool) -> None:
    """The file keeps pytest's exit code; blocking tests fail with every code except 0 and 5."""
    runner.stand_in("pytest", "said\n", exit_code=code)
    script = ci_scripts.PYTEST_BLOCKING if blocking else ci_scripts.PYTEST
    failed = custom(runner, ci_scripts.KEEP_EXIT_CODE, script) != 0
    assert failed == (blocking and code not in {0, 5})
    assert (runner.temporary / "pytest-exit-code").read_text() == f"{code}\n"
    assert (runner.temporary / "pytest.txt").read_text() == "said\n"
    arguments = "tests/ --cov=. --cov-report=xml --cov-report=html"
    assert runner.calls("pytest") == [arguments]


SKIPPED = "\t./bad.py (syntax error while parsing AST from file)"
FLAKE8_LOG = """\
Collecting flake8
./a.py:9:80: E501 line too long
./my file.py:1:1: F821 undefined name '100%'
"""
BANDIT_LOG = """\
Collecting bandit
>> Issue: [B105:hardcoded_password_string] Possible hardcoded password: 'x'
   Severity: Low   Confidence: Medium
   CWE: CWE-259
   More Info: https://bandit.readthedocs.io
   Location: ./a.py:5:0
5	password = "x"
>> Issue: [B101:assert_used] Use of assert detected.
   Severity: Low   Confidence: High
   CWE: CWE-703
   More Info: https://bandit.readthedocs.io
   Location: ./tests/test_a.py:2:4
"""


@pytest.mark.parametrize(
    ("name", "log", "count", "line"),
    [
        ("FLAKE8", FLAKE8_LOG, 2, "./my file.py:1:1: F821 undefined name '100%'"),
        ("FLAKE8", "a.py:1: [F401] 'os' imported\n", 1, "a.py:1: [F401] 'os' imported"),
        ("BANDIT", BANDIT_LOG, 1, "   Location: ./a.py:5:0"),
        ("BANDIT", f"Files skipped (1):\n{SKIPPED}\n", 1, SKIPPED),
    ],
)
def test_findings_are_seen(runner: Runner, name: str, log: str, count: int, line: str) -> None:
    """Findings that do not stop a run are in its summary and in a warning; other runs have none."""
    kept, title = runner.temporary / f"{name.lower()}.txt", name.title()
    kept.write_text(log)
    text = f"{count} findings"
    for status in ("success", "failure"):
        said = runner.run(SCRIPTS[f"REPORT_{name}"], STATUS=status)
        assert said == f"::warning title={title}::{text}\n"
    heading, *lines = runner.summary.splitlines()
    assert heading == f"### {title} on Python 3.12.4: {text}"
    assert f"    {line}" in lines
    assert not any("assert" in one for one in lines), "tests assert"
    kept.write_text("Collecting it\n")
    assert runner.run(SCRIPTS[f"REPORT_{name}"], STATUS="success") == ""
    assert runner.summary.splitlines()[-1] == f"### {title} on Python 3.12.4: 0 findings"


@pytest.mark.parametrize("name", ["FLAKE8", "BANDIT"])
@pytest.mark.parametrize("log", [None, "ERROR: No matching distribution found\n"])
def test_a_tool_that_did_not_run_is_told(runner: Runner, name: str, log: str | None) -> None:
    """If the tool did not run or could not be installed, summary and warning say so."""
    if log is not None:
        (runner.temporary / f"{name.lower()}.txt").write_text(log)
    said = runner.run(SCRIPTS[f"REPORT_{name}"], STATUS="failure")
    assert said == f"::warning title={name.title()}::did not run, see the log\n"
    assert runner.summary.splitlines()[0].endswith(": did not run, see the log")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("FLAKE8", "There was a critical error during execution of Flake8:"),
        ("FLAKE8", "Traceback (most recent call last):"),
        ("BANDIT", "bandit: error: argument -r: expected one argument"),
    ],
)
@pytest.mark.parametrize("before", [False, True])
def test_a_tool_that_gave_up_is_told(runner: Runner, name: str, line: str, *, before: bool) -> None:
    """A tool's crash is reported, also after findings, although `|| true` hides its exit code."""
    found = {"FLAKE8": FLAKE8_LOG, "BANDIT": BANDIT_LOG}[name] if before else "Collecting it\n"
    (runner.temporary / f"{name.lower()}.txt").write_text(f"{found}{line}\n")
    said = runner.run(SCRIPTS[f"REPORT_{name}"], STATUS="success")
    assert said == f"::warning title={name.title()}::did not run, see the log\n"


@pytest.mark.parametrize("name", ["FLAKE8", "BANDIT", "PYTEST"])
def test_a_folder_of_several_is_named(runner: Runner, name: str) -> None:
    """Each of several folders has its own heading in the run's summary."""
    (runner.temporary / f"{name.lower()}.txt").touch()
    runner.run(
        SCRIPTS[f"REPORT_{name}"], STATUS="success", GITHUB_WORKSPACE=str(runner.workspace.parent)
    )
    assert " on Python 3.12.4/workspace: " in runner.summary


def test_nothing_that_a_tool_says_is_markdown_or_a_command(runner: Runner) -> None:
    """Files can be called anything: their names stay inside the indented block."""
    names = ("./```\n", "./::error::x", "./<img src=x>", "./](x)")
    log = "".join(f"{name.strip()}:1:1: E1 x\n" for name in names)
    (runner.temporary / "flake8.txt").write_text(log)
    assert runner.run(ci_scripts.REPORT_FLAKE8, STATUS="success").count("::") == 2
    _, *lines = runner.summary.splitlines()
    assert len(lines) == len(names)
    assert all(line.startswith("    ./") for line in lines)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "passed"),
        (1, "failed, or cover too little"),
        (2, "were not collected, or interrupted"),
        (3, "met an error in pytest"),
        (4, "did not start: wrong options, or conftest.py fails"),
        (5, "none in tests/"),
        (6, "gave too many warnings"),
        (137, "ended with code 137, see the log"),
        (None, "did not run, see the log"),
    ],
)
def test_every_exit_code_of_pytest_has_words(runner: Runner, code: int | None, words: str) -> None:
    """Each exit code of pytest, any other and a missing one have a text; all but 0 warn."""
    (runner.workspace / "tests").mkdir()
    if code is not None:
        (runner.temporary / "pytest-exit-code").write_text(f"{code}\n")
    (runner.temporary / "pytest.txt").write_text(
        "collected\nFAILED tests/test_a.py::test - x\n"
        "ERROR: Coverage failure: total of 50 is less than fail-under=90\n== 1 failed in 0.1s ==\n"
    )
    coverage = '<coverage version="7" line-rate="0.834">\n<class line-rate="1">\n'
    (runner.workspace / "coverage.xml").write_text(coverage)
    said = runner.run(ci_scripts.REPORT_PYTEST, STATUS="success" if code == 0 else "failure")
    assert said == ("" if code == 0 else f"::warning title=Tests::{words}\n")
    heading, *lines = runner.summary.splitlines()
    assert heading == f"### Tests on Python 3.12.4: {words}"
    assert [line[:12] for line in lines[:-1]] == ["    FAILED t", "    ERROR: C", "    == 1 fai"]
    assert lines[-1] == '    line-rate="0.834"'


@pytest.mark.parametrize("status", ["success", "failure"])
def test_without_a_folder_tests_there_is_nothing_to_warn_of(runner: Runner, status: str) -> None:
    """Without a folder tests/ there is no warning, unless the checkout failed."""
    said = runner.run(ci_scripts.REPORT_PYTEST, STATUS=status)
    words = "none, there is no folder tests/" if status == "success" else "did not run, see the log"
    assert runner.summary == f"### Tests on Python 3.12.4: {words}\n"
    assert bool(said) == (status == "failure")
