"""Merges in a row, in any order of GitHub's jobs: the workflow `up` loses none.

The rules of the model are docs.github.com's, "Control the concurrency of workflows and jobs": in a
group one run or job runs and one waits, a later one replaces the waiting one, the group's name
ignores case, and no order is guaranteed. actions/checkout takes the event's commit if no `ref` is
given, and otherwise the branch's commit at that time.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repository.own_workflows import played, run, steps, workflow

Act = Callable[[], None]
UP = workflow("up")
MAIN = "refs/heads/main"


class Task(NamedTuple):
    """A task that takes a place in a group: it starts, or a later one replaces it."""

    start: Act
    drop: Act


class Actions:
    """A model of GitHub that decides which commit is applied when.

    A merge is the set of stacks that it changes; its number stands for its commit.

    Attributes:
        possible: the events that may happen next, in any order.
        applied: the commits that each stack was brought to, in their order.
    """

    def __init__(self, merges: Sequence[frozenset[str]]) -> None:
        self.merges = merges
        self.main = -1
        self.possible: list[Act] = [self._merge]
        self.applied: defaultdict[str, list[int]] = defaultdict(list)
        self._groups: defaultdict[str, list[Task]] = defaultdict(list)

    def _merge(self) -> None:
        self.main += 1
        if self.main + 1 < len(self.merges):
            self.possible.append(self._merge)
        job = Task(partial(self._changed, self.main), partial(self._leave, UP, ""))
        run = Task(partial(self._enter, UP["jobs"]["changed"], "", job), lambda: None)
        self._enter(UP, "", run)

    def _changed(self, commit: int) -> None:
        head = self._head("changed", commit)
        stacks = frozenset[str]().union(*self.merges[commit : head + 1])
        self.possible.append(partial(self._queued, commit, stacks))

    def _queued(self, commit: int, stacks: frozenset[str]) -> None:
        self._leave(UP["jobs"]["changed"], "")
        left = set(stacks)
        for stack in stacks:
            task = Task(partial(self._up, commit, stack, left), partial(self._over, stack, left))
            self.possible.append(partial(self._enter, UP["jobs"]["up"], stack, task))

    def _up(self, commit: int, stack: str, left: set[str]) -> None:
        head = self._head("up", commit)
        self.possible.append(partial(self._upped, head, stack, left))

    def _upped(self, head: int, stack: str, left: set[str]) -> None:
        self.applied[stack].append(head)
        self._leave(UP["jobs"]["up"], stack)
        self._over(stack, left)

    def _over(self, stack: str, left: set[str]) -> None:
        """End a job; the run ends with its last job."""
        left.remove(stack)
        if not left:
            self._leave(UP, "")

    def _enter(self, limited: dict[str, Any], stack: str, task: Task) -> None:
        name = _group(limited, stack)
        if name is None:
            task.start()
            return
        tasks = self._groups[name]
        for waiting in tasks[1:]:
            waiting.drop()
        tasks[1:] = [task]
        if tasks == [task]:
            task.start()

    def _leave(self, limited: dict[str, Any], stack: str) -> None:
        name = _group(limited, stack)
        if name is None:
            return
        tasks = self._groups[name]
        del tasks[0]
        if tasks:
            tasks[0].start()

    def _head(self, job: str, commit: int) -> int:
        """Return the commit that a job checks out."""
        step = next(s for s in UP["jobs"][job]["steps"] if "actions/checkout@" in s.get("uses", ""))
        ref = step["with"].get("ref")
        assert ref in (None, MAIN)
        return commit if ref is None else self.main


def _group(limited: dict[str, Any], stack: str) -> str | None:
    """Return the name of the group that a workflow or a job is in."""
    if "concurrency" not in limited:
        return None
    known = {"github.ref": MAIN, "inputs.stack": "", "matrix.stack": stack}
    text: str = limited["concurrency"]["group"]
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: known[found[1]], text).lower()


@settings(max_examples=300)
@given(st.lists(st.frozensets(st.sampled_from("ab"), min_size=1), min_size=1), st.data())
def test_every_stack_ends_at_its_newest_declaration(
    merges: list[frozenset[str]], data: st.DataObject
) -> None:
    """Each stack ends at the newest merge that changes it, and never returns to an older commit."""
    actions = Actions(merges)
    while actions.possible:
        chosen = data.draw(st.integers(0, len(actions.possible) - 1))
        actions.possible.pop(chosen)()
    for stack in frozenset[str]().union(*merges):
        newest = max(commit for commit, stacks in enumerate(merges) if stack in stacks)
        applied = actions.applied[stack]
        assert applied == sorted(applied)
        assert max(applied, default=-1) >= newest


def test_a_running_update_is_not_cancelled() -> None:
    """A running update ends normally, also if merges or failures happen meanwhile."""
    job = UP["jobs"]["up"]
    assert job["concurrency"]["cancel-in-progress"] is False
    assert job["strategy"]["fail-fast"] is False


def git(folder: Path, *arguments: str) -> str:
    """Run git, and return its output."""
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    done = run("git", *who, *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit(folder: Path, message: str) -> str:
    """Make an empty commit, and return its id."""
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def test_a_push_without_a_known_ancestor_affects_every_stack(tmp_path: Path) -> None:
    """A push affects the changed stacks; all stacks, if the commit before is no ancestor."""
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    before = commit(tmp_path, "first")
    taken_back = commit(tmp_path, "second")
    git(tmp_path, "branch", "keeps-it")
    git(tmp_path, "reset", "--quiet", "--hard", before)
    commit(tmp_path, "third")
    tools = {"make": "", "../.venv/bin/slipway": 'echo "$@" >> said\necho "[]"'}
    (tmp_path / "bin").mkdir()
    for base, expected in (
        (before, f"changed {before}"),
        (taken_back, "changed"),
        ("1" * 40, "changed"),
        ("0" * 40, "changed"),  # main is new
    ):
        done = played(tmp_path, steps("up")["changed"], tools, BEFORE=base, STACK="")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "said").read_text() == f"validate\n{expected}\n"
        (tmp_path / "said").unlink()
    assert (tmp_path / "GITHUB_OUTPUT").read_text() == "stacks=[]\n" * 4
