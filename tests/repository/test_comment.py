"""comment.sh: its comment, as parsed by CommonMark, on which GitHub's Markdown is based."""

from itertools import product
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.repository.own_workflows import GITHUB, played

#: A stand-in for gh, which records its arguments and the body.
GH = """\
case "$*" in
  *--paginate*) [ -e there ] && echo 42 || true ;;
  *)
    echo "$@" >> calls
    for given in "$@"; do
      case "$given" in body=@*) cat "${given#body=@}" > body ;; esac
    done
    ;;
esac
"""
PREVIEW = """\
      + 1 to @octocat <b>#1
Resources:
    + 3 to create
    +-1 to replace
    7 unchanged
"""
#: GitHub refuses longer comments.
LIMIT = 65_536


def commented(folder: Path, *previews: str) -> str:
    """Return the comment with some stacks' previews."""
    (folder / "previews").mkdir()
    for number, text in enumerate(previews):
        # Line endings are not translated.
        (folder / f"previews/stack-{number:03}.txt").write_bytes(text.encode())
    variables = {"GITHUB_REPOSITORY": "me/slipway", "NUMBER": "5", "RUN": "https://example.com/run"}
    step = {"run": f"{GITHUB / 'comment.sh'} previews"}
    done = played(folder, step, {"gh": GH}, **variables)
    assert done.returncode == 0, done.stderr
    return (folder / "body").read_bytes().decode(errors="replace")  # gh does the same


def blocks(body: str) -> list[str]:
    """Return the texts of a comment's fenced blocks; the other text is the script's own."""
    tokens = MarkdownIt("commonmark").parse(body)
    fences = [token for token in tokens if token.type == "fence"]
    before = [("html_block", ""), ("heading_open", ""), ("inline", ""), ("heading_close", "")]
    block = [("html_block", ""), ("fence", "diff"), ("html_block", "")]
    after = [("paragraph_open", ""), ("inline", ""), ("paragraph_close", "")]
    assert [(token.type, token.info) for token in tokens] == before + block * len(fences) + after
    for opening, closing in around(tokens):
        assert opening.content.startswith("<details><summary><b>stack-")
        assert opening.content.endswith("</summary>\n")
        assert closing.content == "</details>\n"
    assert tokens[-2].content == "[The whole run](https://example.com/run)"
    return [token.content for token in fences]


def around(tokens: list[Token]) -> list[tuple[Token, Token]]:
    """Return the text before and after each fenced block."""
    places = [place for place, token in enumerate(tokens) if token.type == "fence"]
    return [(tokens[place - 1], tokens[place + 1]) for place in places]


def as_lines(text: str) -> str:
    """Replace CommonMark's three line endings by one, and end the last line."""
    return f"{text}\n".replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("again", [False, True])
def test_the_previews_are_one_comment(tmp_path: Path, again: bool) -> None:  # noqa: FBT001 - both ways
    """All previews are one comment: the first push creates it, later pushes rewrite it."""
    if again:
        (tmp_path / "there").touch()
    body = commented(tmp_path, PREVIEW)
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 1
    method = (
        "PATCH repos/me/slipway/issues/comments/42" if again else "POST repos/me/slipway/issues/5"
    )
    assert f"--method {method}" in calls[0]
    assert body.startswith("<!-- slipway preview -->\n")
    assert "<b>stack-000</b>: + 3 to create +-1 to replace 7 unchanged</summary>" in body


#: Text that could end a fenced block, or has a meaning outside of one.
OTHERS = [
    "",
    "no end of its line",
    "\n\n~~~",
    "~~~\r",
    "```\n~~~~\n`````\n~~~~~~~~~~~~\n",
    "</details>\n\n# Heading\n\n@octocat\n",
    "<!--\n-->\n<script>alert(1)</script>\n<pre>\n",
    "[link]: https://example.com\n\n\u2028~~~\u0085~~~\v~~~\f~~~~\n",
    PREVIEW,
]


@pytest.mark.parametrize("text", OTHERS)
def test_a_previews_text_is_one_block(tmp_path: Path, text: str) -> None:
    """A preview is one fenced block: its text cannot end the block, mention users or be markup."""
    assert blocks(commented(tmp_path, text)) == [as_lines(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_no_fence_in_a_preview_ends_its_block(tmp_path: Path, end: str) -> None:
    """A fence in a preview, of any mark, length, indentation and line ending, ends no block."""
    marks, lengths = "~`", (3, 8, 9, 30)
    indentations, rests = ("", " ", "   ", "    ", "\t", "> "), ("", "  ")
    texts = [
        f"before{end}{indentation}{mark * length}{rest}{end}@everyone <b>#1</b>"
        for mark, length, indentation, rest in product(marks, lengths, indentations, rests)
    ]
    assert blocks(commented(tmp_path, *texts)) == [as_lines(text) for text in texts]


@pytest.mark.parametrize(
    ("line", "count"),
    [("+ x\n", 1), ("+ x\n", 100), ("~", 1), ("~", 3), ("~" * 99 + "\n", 1), ("é", 3)],
)
def test_a_comment_is_never_too_long(tmp_path: Path, line: str, count: int) -> None:
    """A comment stays below GitHub's limit: a long preview is cut, and its start is shown."""
    text = (PREVIEW + line * LIMIT)[:LIMIT]
    body = commented(tmp_path, *[text] * count)
    assert len(body) <= LIMIT
    shown = blocks(body)
    assert len(shown) == count
    assert all(as_lines(text).startswith(part.rstrip("\n\ufffd")) for part in shown)
