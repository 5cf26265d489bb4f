"""Who there is in every world: users, an App, and teams of an organisation."""

from typing import Final

#: Administers everything: owns the organisation, or is a collaborator of the user who owns.
OWNER: Final = "monalisa"
MEMBER: Final = "octocat"
#: Exists, and is no member.
OUTSIDER: Final = "stranger"
#: Users by login.
USER_IDS: Final = {OWNER: 9001, MEMBER: 9002, OUTSIDER: 9003, "hubot": 9004}
#: Teams by slug.
TEAM_IDS: Final = {"platform": 9101, "readers": 9102}
#: The App whose token a world may use.
APP: Final = "onboarding"
APP_ID: Final = 4711
