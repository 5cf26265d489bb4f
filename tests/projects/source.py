"""A repository as GitHub stores it, and the checkout of `actions/checkout`."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "Dev"),
        ("EMAIL", "dev@acme.test"),
        ("DATE", "2026-01-02T03:04:05Z"),
    )
}


def git(folder: Path, *arguments: str | Path) -> str:
    """Run git without the user's configuration."""
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=env | _WHO, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@dataclass(frozen=True)
class Source:
    """A repository with one branch."""

    folder: Path
    name: str
    branch: str

    @classmethod
    def of(cls, folder: Path, place: Path, name: str, branch: str, tag: str | None) -> "Source":
        """Commit a folder in two commits, so that a shallow clone is incomplete."""
        source = cls(place, name, branch)
        shutil.copytree(folder, source.origin)
        git(place, "init", "--quiet", "--template=", "-b", branch, source.origin)
        git(source.origin, "commit", "--quiet", "--allow-empty", "-m", "Begin")
        git(source.origin, "add", "--all", "--force")
        git(source.origin, "commit", "--quiet", "-m", "Write it")
        if tag:
            git(source.origin, "tag", tag)
        return source

    @property
    def origin(self) -> Path:
        """The repository itself."""
        return self.folder / "origin"

    @property
    def commit(self) -> str:
        """The branch's newest commit."""
        return git(self.origin, "rev-parse", self.branch)

    def check_out(self, place: Path, inputs: Mapping[str, str]) -> None:
        """Clone with the given depth; only the whole history includes tags.

        Raises:
            NotImplementedError: an unknown input that affects the checkout.
        """
        if unknown := set(inputs) - {"fetch-depth", "persist-credentials"}:
            raise NotImplementedError(f"inputs of actions/checkout: {sorted(unknown)}")
        depth = inputs.get("fetch-depth", "1")
        kept = self.folder / f"depth-{depth}"
        if not kept.exists():
            shallow = () if depth == "0" else ("--no-tags", "--depth", depth)
            url = f"file://{self.origin}"
            git(self.folder, "clone", "--quiet", "--template=", *shallow, url, kept)
        shutil.copytree(kept, place, symlinks=True, dirs_exist_ok=True)
