"""Who there is in every world: users, and teams of the organisation."""

from typing import Final

#: Owns the organisation; the token is this user's.
OWNER: Final = "monalisa"
MEMBER: Final = "octocat"
#: Exists, and is no member.
OUTSIDER: Final = "stranger"
#: Users by login.
USER_IDS: Final = {OWNER: 9001, MEMBER: 9002, OUTSIDER: 9003, "hubot": 9004}
#: Teams by slug.
TEAM_IDS: Final = {"platform": 9101, "readers": 9102}
