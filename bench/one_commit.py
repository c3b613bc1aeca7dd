"""The site whose writer gives each command a commit of its own: group commit's baseline."""

from contest.infra import database
from tests import launcher

if __name__ == "__main__":
    database.GROUP_LIMIT = 1
    launcher.main()
