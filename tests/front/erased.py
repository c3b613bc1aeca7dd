"""Somebody's account is erased, by the command that the page uses."""

from contest.front.erasing import erase_account
from tests.world import World


def erase(world: World, handle: str) -> bool:
    return world.db.write(
        erase_account,
        account_id=world.accounts[handle],
        by=world.ref(handle),
        chance=world.chance,
        now=world.clock(),
    )
