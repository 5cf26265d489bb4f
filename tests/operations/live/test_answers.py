from collections.abc import Iterator
from typing import Any

import pytest

from components.config.problems import ConfigurationError, ExitCode
from operations.live.answers import readable, told_time
from operations.live.github.api import GitHub
from operations.live.github.graphql import Question
from operations.live.observer import observe_repositories


@pytest.mark.parametrize(
    "read",
    [
        lambda answer: answer["missing"],
        lambda answer: answer.lower(),
        lambda answer: answer[0],
        lambda answer: int(answer["text"]),
        lambda answer: told_time(answer["text"]),
    ],
)
def test_an_unreadable_answer_is_an_error_and_no_crash(read: Any) -> None:
    """An unreadable answer is an error that names its source, and other witnesses are heard."""
    with pytest.raises(ConfigurationError, match="form that cannot be read") as caught:
        readable("GitHub", read, {"text": "yesterday"})
    assert caught.value.exit_code is ExitCode.ERROR
    assert caught.value.problems[0].file == "GitHub"


@pytest.mark.parametrize("what", ["/secrets", "/environments"])
@pytest.mark.usefixtures("github")
def test_a_time_in_an_unknown_form_is_an_error(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A time in an unknown form is an error that shows it, and no crash."""
    pages = GitHub.pages

    def changed(self: GitHub, path: str) -> Iterator[Any]:
        for answer in pages(self, path):
            if answer and f"{what}?" in path:
                for item in answer[what.strip("/")]:
                    item["updated_at"] = item["created_at"] = "the day before yesterday"
            yield answer

    monkeypatch.setattr(GitHub, "pages", changed)
    with pytest.raises(ConfigurationError, match="'the day before yesterday' is no time"):
        observe_repositories("acme", [Question("billing", ("main",))], cache=False)
