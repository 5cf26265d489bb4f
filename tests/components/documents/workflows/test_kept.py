from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest

from components.documents.workflows import FILES, kept_workflows
from components.documents.workflows import kept as module
from components.model.pipeline import Pipeline
from components.model.repository import Repository


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which repositories were rendered, in this order; nothing is kept from before."""
    names: list[str] = []

    def render(repository: str, pipeline: Pipeline) -> dict[str, str]:
        names.append(repository)
        return {"python-dev.yml": f"{repository} {pipeline.strict}"}

    monkeypatch.setattr(module, "render_workflows", render)
    monkeypatch.setattr(module, "_KEPT", {})
    return names


def pipeline(**declared: Any) -> Pipeline:
    """A new one each time: equal ones are the same."""
    return Pipeline.of(Repository.model_validate({"repository": "billing"} | declared))


def test_the_same_is_rendered_once(rendered: list[str]) -> None:
    """By what is declared, not by which object says it; another name or profile is another."""
    assert kept_workflows("a", pipeline()) is kept_workflows("a", pipeline())
    kept_workflows("b", pipeline())
    assert rendered == ["a", "b"]
    strict = kept_workflows("a", pipeline(profile="strict"))
    assert strict["python-dev.yml"] == "a True"


def test_threads_that_ask_at_once_wait_for_one_rendering(
    rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program and the look beside it begin with the same repository."""
    together, second = Barrier(4), Event()

    def render(repository: str, _pipeline: Pipeline) -> dict[str, str]:
        rendered.append(repository)
        if len(rendered) > 1:
            second.set()
        # Another one would begin meanwhile, if it could.
        second.wait(0.1)
        return {}

    monkeypatch.setattr(module, "render_workflows", render)

    def ask(_number: int) -> object:
        together.wait(5)
        return kept_workflows("a", pipeline())

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(ask, range(4))
    assert all(other is first for other in others)
    assert rendered == ["a"]


def test_only_so_many_are_kept(rendered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at many stacks does not keep the files of all of them."""
    monkeypatch.setattr(module, "_MOST", 2)
    for name in ("a", "b", "c", "a"):
        kept_workflows(name, pipeline())
    assert rendered == ["a", "b", "c", "a"]
    assert len(module._KEPT) == 2


def test_nobody_changes_what_another_gets() -> None:
    """What is kept is what the standard says."""
    files = kept_workflows("a", pipeline())
    assert set(files) == set(FILES.values())
    with pytest.raises(TypeError):
        files["x"] = "y"  # type: ignore[index]
