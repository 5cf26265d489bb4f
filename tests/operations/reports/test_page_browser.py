"""The page in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from operations.reports.as_html import as_html
from tests.browser.page import Page, running_page
from tests.operations.reports.samples import CLEAN, FULL, VARIABLE, report
from tests.operations.reports.test_diff import LONG

pytestmark = pytest.mark.browser

SHOWN = (
    '[...document.querySelectorAll("tr[data-direction]")].filter((row) => row.checkVisibility())'
    ".map((row) => row.dataset.direction)"
)


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """One browser for the module; `open` starts each test afresh."""
    with running_page() as page:
        yield page


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Return the address of a page with findings."""
    file = tmp_path / "page.html"
    file.write_text(as_html([FULL, CLEAN]), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("width", [1200, 320])
def test_a_browser_shows_all_without_request_error_or_overflow(
    tab: Page, address: str, width: int
) -> None:
    """All findings are shown without a request, an error or horizontal overflow."""
    tab.open(address, width)
    assert tab.evaluate(SHOWN) == ["weaker", "neutral", "stronger"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.requests() == [address]
    assert tab.complaints() == []


def test_light_and_dark_differ(tab: Page, address: str) -> None:
    """Light and dark scheme have different backgrounds and visible contents."""
    grounds, pictures = [], []
    for scheme in ("light", "dark"):
        tab.open(address, scheme=scheme)
        grounds.append(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
        pictures.append(tab.screenshot())
    assert len(set(grounds)) == 2
    assert len(set(pictures)) == 2
    tab.evaluate('document.body.style.visibility = "hidden"')
    assert len(tab.screenshot()) < len(pictures[1]) / 3


@pytest.mark.parametrize(
    ("fragment", "directions"),
    [
        ("#direction=weaker", ["weaker"]),
        ("#repository=acme%2Fbilling", ["weaker", "neutral"]),
        ("#direction=weaker&repository=acme%2Fapi", []),
        ("#direction=nonsense", ["weaker", "neutral", "stronger"]),
    ],
)
def test_the_filter_follows_the_address(
    tab: Page, address: str, fragment: str, directions: list[str]
) -> None:
    """The fragment of the address selects the filter."""
    tab.open(f"{address}{fragment}")
    assert tab.evaluate(SHOWN) == directions
    assert tab.evaluate('document.querySelector("output").textContent').startswith(
        f"{len(directions)} of 3"
    )


def test_choosing_filters_and_says_so_in_the_address(tab: Page, address: str) -> None:
    """A chosen filter is applied, and written to the address."""
    tab.open(address)
    tab.evaluate(
        'const chosen = document.querySelector("select[name=direction]");'
        'chosen.value = "stronger";'
        'chosen.dispatchEvent(new Event("change", { bubbles: true }))'
    )
    assert tab.evaluate(SHOWN) == ["stronger"]
    assert tab.evaluate("location.hash") == "#direction=stronger"


def test_a_diff_stays_with_its_row(tab: Page, tmp_path: Path) -> None:
    """A row's diff is shown as long as its row is, and wide lines scroll in their own box."""
    file = tmp_path / "page.html"
    file.write_text(as_html([report(LONG, VARIABLE)]), encoding="utf-8")
    tab.open(f"{file.as_uri()}#direction=weaker", 320)
    assert tab.evaluate('document.querySelector("details details").checkVisibility()') is True
    tab.evaluate('document.querySelector("details details").open = true')
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_everything_is_shown(tab: Page, address: str) -> None:
    """Without scripts every finding is shown, and the filter is hidden."""
    tab.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.open(address)
        assert tab.evaluate(SHOWN) == ["weaker", "neutral", "stronger"]
        assert tab.evaluate('document.querySelector("form").checkVisibility()') is False
    finally:
        tab.send("Emulation.setScriptExecutionDisabled", value=False)
