"""The page, as a browser shows it."""

import re
from pathlib import Path

import pytest

from operations.reports import as_html as module
from operations.reports.as_html import as_html
from tests.operations.reports.browser import dump
from tests.operations.reports.samples import CLEAN, FULL, HOSTILE

#: Put behind the page's own script: tells in the DOM what only a browser knows.
PROBE = (
    ";document.body.dataset.overflow = document.documentElement.scrollWidth - innerWidth;"
    'document.body.dataset.requests = performance.getEntriesByType("resource").length;'
)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page with findings, and with the probe in its script."""
    source = module._source
    monkeypatch.setattr(
        module, "_source", lambda name: source(name) + (PROBE if name == "page.js" else "")
    )
    file = tmp_path / "page.html"
    file.write_text(as_html([FULL, CLEAN]), encoding="utf-8")
    return file


def shown(dom: str) -> list[str]:
    """Directions of the rows that are not hidden."""
    return [
        found
        for found, hidden in re.findall(r'<tr data-direction="(\w+)"( hidden)?', dom)
        if not hidden
    ]


def test_others_text_is_escaped() -> None:
    """Markup in values is text; acting characters are shown."""
    text = as_html([FULL])
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert HOSTILE not in text


def test_nothing_is_loaded_from_anywhere() -> None:
    """No address is in the page outside of others' escaped text."""
    assert not re.search(r"""(src|href|url|@import)\s*[=(]""", as_html([CLEAN]))


def test_a_clean_stack_is_said_to_be() -> None:
    """The empty state has no filter and no script."""
    text = as_html([CLEAN])
    assert "acme: 25 repositories as declared" in text
    assert "<script" not in text
    assert "<form" not in text


@pytest.mark.parametrize("width", [1200, 500])
def test_a_browser_shows_all_without_request_error_or_overflow(page: Path, width: int) -> None:
    """The content policy lets the page's own style and script through, and others' none."""
    dom, log = dump(page, width=width)
    assert shown(dom) == ["weaker", "neutral", "stronger"]
    assert 'data-overflow="0"' in dom or re.search(r'data-overflow="-\d+"', dom)
    assert 'data-requests="0"' in dom
    assert "CONSOLE" not in log
    assert "3 of 3 shown" in dom


@pytest.mark.parametrize(
    ("fragment", "directions"),
    [
        ("#direction=weaker", ["weaker"]),
        ("#repository=acme%2Fbilling", ["weaker", "neutral"]),
        ("#direction=weaker&repository=acme%2Fapi", []),
        ("#direction=nonsense", ["weaker", "neutral", "stronger"]),
    ],
)
def test_the_filter_follows_the_address(page: Path, fragment: str, directions: list[str]) -> None:
    """A filtered view can be sent as a link."""
    dom, _ = dump(page, fragment)
    assert shown(dom) == directions
    assert f"{len(directions)} of 3 shown" in dom
