"""Say which of GitHub's answers a user should know although they stop no run."""

from collections.abc import Iterator

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.model.live import Live
from operations.live.github.plans import unknown_plan


def live_notes(files: StackFiles, live: Live) -> Iterator[Problem]:
    """Notes about an unknown plan, and those of `delivery_notes`."""
    yield from unknown_plan(files, live)
    yield from delivery_notes(files, live)


def delivery_notes(files: StackFiles, live: Live) -> Iterator[Problem]:
    """Notes about others' pull requests with slipway's branch names, and waiting offboardings."""
    owner = files.stack.settings.owner
    for repository in (*files.stack.repositories, *files.stack.leaving):
        name = repository.name
        there = live.repositories.get(name)
        deliveries = there.by_pull_request if there else live.leaving.get(name, {})
        for url in sorted({url for one in deliveries.values() for url in one.foreign}):
            text = f"{url} is not slipway's, though its branch has such a name: it is left alone"
            yield files.problem(repository, ("repository",), text)
        if not repository.offboarding.now:
            continue
        waiting = [one for one in deliveries.values() if one.pending]
        if waiting:
            text = "a pull request removes its workflow files: keep this file until it is merged"
            if closed := [one.url for one in waiting if one.declined]:
                text = f"files stay, as {', '.join(closed)} was closed: reopen it, or remove this"
        else:
            text = "no pull request is left to wait for: remove this file once `up` has run"
        yield files.problem(repository, ("offboarding", "now"), f"{owner}/{name}: {text}")
