"""Store the matching files as one artifact below $SANDBOX_ARTIFACTS.

As v4 does: a name can be uploaded once, files keep their paths relative to the common folder,
hidden files are left out, and no match is a warning. Names and messages are those of
github.com/actions/upload-artifact. Deliberately absent: `!`, and patterns other than plain `*`.
"""

import itertools
import json
import os
import shutil
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn


def main() -> None:
    """Upload the files that the step's inputs name."""
    inputs = json.loads(os.environ["INPUTS"])
    name = inputs["name"]
    if any(character in '":<>|*?\r\n\\/' for character in name):
        _fail(f"The artifact name is not valid: {name}")
    paths = [line.strip() for line in inputs["path"].splitlines() if line.strip()]
    found = {file for path in paths for file in _matching(path)}
    files = sorted(file for file in found if file.is_file())
    if inputs["include-hidden-files"] != "true":
        files = [file for file in files if not _hidden(file)]
    if not files:
        _found_nothing(inputs)
        return
    _keep(name, files, _common([_root(path) for path in paths]), int(inputs["retention-days"]))


def _keep(name: str, files: Sequence[Path], common: Path, retention_days: int) -> None:
    target = Path(os.environ["SANDBOX_ARTIFACTS"], os.environ["GITHUB_RUN_ID"], name)
    try:
        target.mkdir(parents=True)
    except FileExistsError:
        _fail(
            "Failed to CreateArtifact: Received non-retryable error: Failed request: (409) "
            "Conflict: an artifact with this name already exists on the workflow run"
        )
    for file in files:
        kept = target / file.relative_to(common)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, kept)
    facts = {"id": zlib.crc32(name.encode()), "retention-days": retention_days}
    target.with_name(f"{name}.json").write_text(json.dumps(facts), encoding="utf-8")
    run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        print(f"artifact-id={facts['id']}", file=outputs)
        print(f"artifact-url={run.format(**os.environ)}/artifacts/{facts['id']}", file=outputs)


def _matching(path: str) -> list[Path]:
    """Return the files of one line: a folder's files, one file, or those that match a pattern."""
    workspace = Path.cwd()
    matched = [workspace] if path == "." else workspace.glob(path.rstrip("/"))
    return [file for one in matched for file in (one.rglob("*") if one.is_dir() else [one])]


def _root(path: str) -> Path:
    """Return the part of a line before its first pattern."""
    plain = itertools.takewhile(lambda part: "*" not in part, Path(path).parts)
    return Path.cwd().joinpath(*plain)


def _common(paths: Sequence[Path]) -> Path:
    """Return the folder that paths are relative to: a single path's own, or the common one."""
    if len(paths) > 1:
        return Path(os.path.commonpath(paths))
    return paths[0].parent if paths[0].is_file() else paths[0]


def _hidden(file: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(Path.cwd()).parts)


def _found_nothing(inputs: Mapping[str, str]) -> None:
    text = (
        f"No files were found with the provided path: {inputs['path']}. "
        "No artifacts will be uploaded."
    ).replace("\n", "%0A")
    choice = inputs["if-no-files-found"]
    if choice == "error":
        _fail(text)
    sys.stdout.write(f"::warning::{text}\n" if choice == "warn" else f"{text}\n")


def _fail(message: str) -> NoReturn:
    sys.stdout.write(f"::error::{message}\n")
    sys.exit(1)


if __name__ == "__main__":
    main()
