"""The stand-ins behave as the documentation of their actions says."""

import pytest

from tests.workflows.conftest import Acme
from tests.workflows.outcome import Run
from tests.workflows.stand_ins import UnknownActionError

ARTIFACTS = """\
upload:
  runs-on: ubuntu-latest
  outputs: {url: "${{ steps.first.outputs.artifact-url }}"}
  steps:
    - run: mkdir -p out/deep .git2 && echo 1 | tee out/a.txt out/deep/b.txt out/.hidden
    - {name: folder, id: first, uses: actions/upload-artifact@v4, with: {name: one, path: out}}
    - {name: file, uses: actions/upload-artifact@v4, with: {name: two, path: out/deep/b.txt}}
    - name: two paths
      uses: actions/upload-artifact@v4
      with: {name: three, path: "out/a.txt\\nout/deep/", retention-days: 5}
    - name: clash
      continue-on-error: true
      uses: actions/upload-artifact@v4
      with: {name: two, path: out/a.txt}
    - {name: nothing, uses: actions/upload-artifact@v4, with: {name: four, path: absent}}
    - name: nothing is an error
      continue-on-error: true
      uses: actions/upload-artifact@v4
      with: {name: four, path: absent, if-no-files-found: error}
download:
  needs: upload
  runs-on: ubuntu-latest
  steps:
    - {uses: actions/download-artifact@v8, with: {name: one, path: got}}
    - run: cat got/deep/b.txt
    - {uses: actions/download-artifact@v8, with: {path: several, pattern: "t*"}}
    - run: test -f several/two/b.txt && test -f several/three/deep/b.txt
    - {uses: actions/download-artifact@v8, with: {path: single, pattern: "on*"}}
    - run: test -f single/deep/b.txt
    - {name: absent, uses: actions/download-artifact@v8, with: {name: four}}
"""
CHECKOUT = """\
checkout:
  runs-on: ubuntu-latest
  steps:
    - {name: event, id: event, uses: actions/checkout@v6}
    - run: test "$(git rev-parse HEAD)" = "$GITHUB_SHA"
    - {run: test "$REF" = "$GITHUB_REF", env: {REF: "${{ steps.event.outputs.ref }}"}}
    - {name: token left, run: git config --get-regexp extraheader | grep -q AUTHORIZATION}
    - {name: but not in the repository, run: "! grep -r extraheader .git"}
    - env:
        ONE: "${{ hashFiles('*.py', 'absent') }}"
        NONE: "${{ hashFiles('absent', '*.lock') }}"
        SEVERAL: "${{ hashFiles('**/*.py', '.github/workflows/*') }}"
      run: |
        python -c 'from hashlib import sha256 as h; import sys
        print(h(h(open("app.py", "rb").read()).digest()).hexdigest())' > ../hash
        test "$ONE" = "$(cat ../hash)"
        test -z "$NONE"
        test "${#SEVERAL}" = 64
        test "$SEVERAL" != "$ONE"
branch:
  runs-on: ubuntu-latest
  steps:
    - {name: ref, uses: actions/checkout@v6, with: {ref: main, persist-credentials: false}}
    - run: test ! -e .github && test "$(git rev-parse HEAD)" != "$GITHUB_SHA"
    - {name: token gone, run: "! git config --get-regexp extra && ! ls $RUNNER_TEMP/git-*"}
absent:
  runs-on: ubuntu-latest
  steps:
    - {name: absent, uses: actions/checkout@v6, with: {ref: no-such-branch}}
"""
PYTHON = """\
python:
  runs-on: ubuntu-latest
  steps:
    - {uses: actions/checkout@v6}
    - {uses: actions/setup-python@v6, with: {python-version: "3.12"}}
    - {name: fresh, run: "! python -c 'import flake8'"}
    - {name: installed, run: "pip install flake8 && flake8 --version"}
    - {name: inside, run: "test $(dirname $(command -v flake8)) = $RUNNER_TEMP/python/bin"}
    - {name: no index, run: "! pip install requests"}
    - name: nothing to hash
      continue-on-error: true
      uses: actions/setup-python@v6
      with: {python-version: "3.12", cache: pip}
    - name: no key
      continue-on-error: true
      uses: actions/cache@v5
      with: {path: x, key: ""}
    - {name: not found, id: cache, uses: actions/cache@v5, with: {path: x, key: k}}
    - {name: no hit, run: test -z "$HIT", env: {HIT: "${{ steps.cache.outputs.cache-hit }}"}}
"""


@pytest.fixture(scope="module")
def artifacts(acme: Acme) -> Run:
    """Run a workflow that uploads and downloads."""
    return acme.probe("artifacts", ARTIFACTS)


def test_paths_are_relative_to_the_common_folder(artifacts: Run) -> None:
    """Paths are relative to the folder, file or common folder; hidden files are left out."""
    assert set(artifacts.artifacts["one"].files) == {"a.txt", "deep/b.txt"}
    assert set(artifacts.artifacts["two"].files) == {"b.txt"}
    assert set(artifacts.artifacts["three"].files) == {"a.txt", "deep/b.txt"}
    assert artifacts.artifacts["three"].retention_days == 5
    assert "/acme/probe/actions/runs/" in artifacts.jobs["upload"].outputs["url"]


def test_a_name_serves_one_upload(artifacts: Run) -> None:
    """A second upload with the same name fails, as in v4, and changes nothing."""
    assert artifacts.jobs["upload"].steps["clash"] == "failure"
    assert any("(409) Conflict" in error for error in artifacts.errors)


def test_an_upload_without_files_is_a_warning_or_an_error(artifacts: Run) -> None:
    """An upload without files is a warning or an error, as the step declares."""
    steps = artifacts.jobs["upload"].steps
    assert (steps["nothing"], steps["nothing is an error"]) == ("success", "failure")
    assert any("No files were found" in warning for warning in artifacts.warnings)
    assert any("No files were found" in error for error in artifacts.errors)
    assert "four" not in artifacts.artifacts


def test_another_job_downloads_by_name(artifacts: Run) -> None:
    """A download gets one artifact, or several in a folder each; an unknown name fails."""
    assert artifacts.log.count("1") == 2
    assert artifacts.results == {"upload": "success", "download": "failure"}
    assert any("Artifact not found for name: four" in error for error in artifacts.errors)


def test_checkout_fetches_the_commit_or_the_ref(acme: Acme) -> None:
    """Checkout takes the event's commit or `ref`; its token is kept unless declared otherwise.

    `hashFiles` then hashes the files of the commit: one, none, or several.
    """
    run = acme.probe("checkout", CHECKOUT)
    assert run.results == {"checkout": "success", "branch": "success", "absent": "failure"}


def test_python_is_fresh_and_pip_has_no_index(acme: Acme) -> None:
    """A job has only pip, which installs the tests' own wheels into the job's folder."""
    run = acme.probe("python", PYTHON)
    assert run.results == {"python": "success"}
    failed = {name for name, outcome in run.jobs["python"].steps.items() if outcome == "failure"}
    assert failed == {"nothing to hash", "no key"}


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("{uses: someone/else@v1}", "no stand-in for someone/else@v1"),
        ("{uses: actions/cache@v5, with: {path: x, kee: k}}", "no input"),
        ("{uses: actions/cache@v5, with: {path: x}}", "needs the input"),
    ],
    ids=["action", "input", "missing"],
)
def test_an_action_without_a_stand_in_is_refused(
    acme: Acme, step: str, said: str, request: pytest.FixtureRequest
) -> None:
    """An action or input without a stand-in stops the test before the run."""
    name = request.node.callspec.id
    with pytest.raises(UnknownActionError, match=said):
        acme.probe(name, f"job:\n  runs-on: ubuntu-latest\n  steps:\n    - {step}\n")
