"""The end of an interrupted update, as pulumi 3.256 prints it, without errors that tell nothing."""

from operations.terminal.unreached import without_unreached

URN = "urn:pulumi:s::slipway::aws:iam/role:Role::one-prod"
ERROR = f"error: expected resource operations for {URN} but none were seen\n"
LEFT = f"    {ERROR}"
BEGINNING = [
    "^C received; cancelling. If you would like to terminate immediately, press ^C again.\n",
    "\n",
    "@ updating....\n",
]
OUTPUT = [
    *BEGINNING,
    f"    aws:iam:Role one-prod  {ERROR}",
    f"    github:index:RepositoryFile one-python-dev.yml:main  {ERROR}",
    "    aws:iam:Role one-prod **failed** 1 error\n",
    " +  slipway:aws:OidcProvider oidc-333333333333 created \n",
    "    github:index:RepositoryFile one-python-dev.yml:main **failed** 1 error\n",
    "    aws:iam:Role one-dev **failed** 1 error\n",
    "Diagnostics:\n",
    "  aws:iam:Role (one-prod):\n",
    LEFT,
    "\n",
    "  pulumi:pulumi:Stack (slipway-s):\n",
    "    error: update canceled\n",
    LEFT,
    "\n",
    "  github:index:RepositoryFile (one-python-dev.yml:main):\n",
    LEFT,
    "\n",
    "Resources:\n",
    "    + 4 created\n",
    "    3 errored\n",
]
SHORT = [
    *BEGINNING,
    " +  slipway:aws:OidcProvider oidc-333333333333 created \n",
    "    aws:iam:Role one-dev **failed** 1 error\n",
    "Diagnostics:\n",
    "  pulumi:pulumi:Stack (slipway-s):\n",
    "    error: update canceled\n",
    "\n",
    "Resources:\n",
    "    + 4 created\n",
    "    3 errored\n",
]


def test_resources_that_were_not_reached_are_left_out_after_an_interruption() -> None:
    """Every other message stays, with its resource above it."""
    assert list(without_unreached(OUTPUT, lambda: True)) == SHORT


def test_headings_and_a_count_without_anything_else_are_left_out() -> None:
    """If nothing but steps that were not reached is told, neither heading nor number is shown."""
    end = [
        "Diagnostics:\n",
        "  aws:iam:Role (r):\n",
        LEFT,
        "\n",
        "Resources:\n",
        "    + 1 created\n",
    ]
    output = [f"    aws:iam:Role r  {ERROR}", *end, "    1 errored\n", "\n", "Duration: 2s\n"]
    expected = ["Resources:\n", "    + 1 created\n", "\n", "Duration: 2s\n"]
    assert list(without_unreached(output, lambda: True)) == expected


def test_everything_is_shown_without_an_interruption() -> None:
    """There the same error says that the plan did not fit."""
    assert list(without_unreached(OUTPUT, lambda: False)) == OUTPUT


def test_lines_before_an_interruption_are_shown() -> None:
    """Each line is judged when it arrives."""
    signals: list[int] = []
    output = [LEFT, "  aws:iam:Role (r):\n", LEFT]
    lines = without_unreached(output, lambda: bool(signals))
    assert next(lines) == LEFT
    signals.append(2)
    assert list(lines) == []


def test_colours_do_not_hide_an_error() -> None:
    """On a terminal, pulumi colours resources and the word error."""
    coloured = [
        "  \x1b[1maws:iam:Role\x1b[0m (\x1b[1mone-prod\x1b[0m):\n",
        LEFT.replace("error: ", "\x1b[38;5;1merror: \x1b[0m"),
        "\n",
    ]
    assert list(without_unreached(coloured, lambda: True)) == []
