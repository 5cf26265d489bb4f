"""The page as text; `test_page_browser` checks it in a browser."""

import re
from dataclasses import replace
from html import unescape

from operations.reports.as_html import as_html
from tests.operations.reports.samples import CLEAN, FULL, HOSTILE, VARIABLE, report


def test_foreign_text_is_escaped() -> None:
    """Foreign markup is escaped, and control characters are made visible."""
    text = as_html([FULL])
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert HOSTILE not in text


def test_nothing_is_loaded_from_anywhere() -> None:
    """The page loads nothing: it has no address outside of escaped text."""
    assert not re.search(r"""(src|href|url|@import)\s*[=(]""", as_html([CLEAN]))


def test_a_clean_stack_is_said_to_be() -> None:
    """A clean stack's page says so, and has neither filter nor script."""
    text = as_html([CLEAN])
    assert "acme: 25 repositories as declared" in text
    assert "<script" not in text
    assert "<form" not in text


def test_statements_of_a_policy_are_laid_out() -> None:
    """A policy's statements are laid out one member per line; other text stays unchanged."""
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
