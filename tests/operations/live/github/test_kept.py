"""Answers on disk: whose they are, how long they stay, and files that cannot be used."""

import os
import time
from pathlib import Path

import pytest

from operations.live.github.cache.kept import Answers, Kept

URL, JSON = "https://api.github.com/x", "application/json"
ANSWER = Kept('"tag"', "<https://api.github.com/x?page=2>; rel=next", b"[]")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that does not exist yet."""
    return tmp_path / "answers.sqlite"


def test_an_answer_is_kept_for_its_token_address_and_media_type(file: Path) -> None:
    """Another token, address or media type has no earlier answer; the next process has this one."""
    Answers(file, "one").keep(URL, JSON, ANSWER)
    assert Answers(file, "one").find(URL, JSON) == ANSWER
    assert Answers(file, "two").find(URL, JSON) is None
    assert Answers(file, "one").find(f"{URL}/y", JSON) is None
    assert Answers(file, "one").find(URL, "text/html") is None


def test_a_later_answer_takes_the_place_of_the_earlier_one(file: Path) -> None:
    """One address has one answer."""
    answers = Answers(file, "one")
    answers.keep(URL, JSON, ANSWER)
    answers.keep(URL, JSON, ANSWER._replace(tag='"new"'))
    found = answers.find(URL, JSON)
    assert found is not None
    assert found.tag == '"new"'


def test_answers_of_a_token_that_is_not_used_are_deleted(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token of an App lives for an hour: its answers would pile up. A used token's stay."""
    Answers(file, "app").keep(URL, JSON, ANSWER)
    Answers(file, "used").keep(URL, JSON, ANSWER)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 20 * 24 * 3600)
    Answers(file, "used")
    monkeypatch.setattr(time, "time", lambda: now + 40 * 24 * 3600)
    assert Answers(file, "used").find(URL, JSON) == ANSWER
    assert Answers(file, "app").find(URL, JSON) is None


def test_a_damaged_file_is_made_anew(file: Path) -> None:
    """A file that is no database costs its answers, and nothing else."""
    file.write_bytes(b"no database" * 1000)
    answers = Answers(file, "one")
    assert answers.find(URL, JSON) is None
    answers.keep(URL, JSON, ANSWER)
    assert Answers(file, "one").find(URL, JSON) == ANSWER


def test_a_file_that_cannot_be_opened_is_none(tmp_path: Path) -> None:
    """Nothing is kept then, and the look goes on."""
    folder = tmp_path / "answers.sqlite"
    folder.mkdir()
    answers = Answers(folder, "one")
    answers.keep(URL, JSON, ANSWER)
    assert answers.find(URL, JSON) is None


def test_only_the_user_reads_the_files(file: Path) -> None:
    """Also the files that SQLite makes beside it, whatever the umask."""
    before = os.umask(0)
    try:
        answers = Answers(file, "one")
        answers.keep(URL, JSON, ANSWER)
        modes = {path.name: path.stat().st_mode & 0o077 for path in file.parent.iterdir()}
    finally:
        os.umask(before)
    assert len(modes) > 1
    assert set(modes.values()) == {0}
