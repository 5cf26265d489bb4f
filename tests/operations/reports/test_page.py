"""The page as text; `test_page_browser` looks at what a browser makes of it."""

import re
from dataclasses import replace
from html import unescape

from operations.reports.as_html import as_html
from tests.operations.reports.samples import CLEAN, FULL, HOSTILE, VARIABLE, report


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


def test_statements_of_a_policy_are_laid_out() -> None:
    """A member a line; what is no policy stays as it is, and acting characters are shown."""
    policy = '{"Action":"s3:*","Effect":"Allow"}; {"Action":"sts:\u202eX","Effect":"Allow"}'
    text = as_html([report(replace(VARIABLE, declared='{"a": 1', live=policy))])
    value = unescape(text.partition("<dt>live</dt><dd>")[2].partition("</dd>")[0])
    assert [line.strip() for line in value.splitlines()] == [
        "<code>{",
        '"Action": "s3:*",',
        '"Effect": "Allow"',
        "}",
        "{",
        '"Action": "sts:\\u202eX",',
        '"Effect": "Allow"',
        "}</code>",
    ]
    assert "<code>{&quot;a&quot;: 1</code>" in text
