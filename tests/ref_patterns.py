"""Names that deployment branch patterns admit: a table, and patterns for property tests.

GitHub's documentation refers to Ruby's File.fnmatch with FNM_PATHNAME. Each row was compared with
Ruby 3.1: `ruby -e 'p File.fnmatch(*ARGV, File::FNM_PATHNAME)' PATTERN NAME`.
"""

from hypothesis import strategies as st

#: Pattern, name of a branch or tag, whether it may deploy.
ADMITTED = [
    ("main", "main", True),
    ("main", "Main", False),
    ("main", "mainline", False),
    ("*", "main", True),
    ("*", "release/1", False),
    # docs.github.com: "to match branches that begin with `release/` and contain an additional
    # single slash, use `release/*/*`".
    ("release/*", "release/1.0", True),
    ("release/*", "release/1/0", False),
    ("release/*/*", "release/1/0", True),
    ("release/*/*", "release/1", False),
    ("release/**/*", "release/a", True),
    ("release/**/*", "release/a/b", True),
    ("release/**/*", "release/a/b/c", True),
    ("release/**/*", "release", False),
    ("**/*", "main", True),
    ("**/*", "a/b/c", True),
    ("**/x", "a/b/x", True),
    ("**/x", "a/b/xy", False),
    ("**/**/x", "x", True),
    ("a/**/b/**/c", "a/1/b/2/3/c", True),
    ("a/**/b/**/c", "a/1/2/c", False),
    ("**", "a/b", False),
    ("a**/b", "ab", False),
    ("a**/b", "axx/b", True),
    ("release/**", "release/a/b", False),
    ("v?.[0-9]", "v1.2", True),
    ("a?b", "a/b", False),
    ("v[0-9]*", "v1", True),
    ("v[!0-9]", "v1", False),
    ("v[^0-9]", "vx", True),
    ("a[/]b", "a/b", False),
    ("[a-c-]", "-", True),
    ("[c-a]", "b", False),
    ("[c-a]", "c", True),
    ("[]", "]", False),
    ("[!]", "x", True),
    ("[", "[", False),
    ("[ab", "a", False),
    ("v.", "vx", False),
    ("\\*", "*", True),
    ("\\*", "x", False),
    ("[\\]]", "]", True),
    ("refs/pull/*/merge", "refs/pull/7/merge", True),
]

_PIECES = ["*", "**", "**/", "?", "[", "]", "[a-c]", "[^a]", "[!b]", "[]", "/", "a", "b", "-", "\\"]
PATTERNS = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=7).map("".join)
NAMES = st.from_regex(r"[abc\-\[\]]+(/[abc\-\[\]]+){0,3}", fullmatch=True)
