"""A world with the real application in front of it: people sign in and use its pages."""

from dataclasses import dataclass, field

from tests.server import RunningSite, Visitor
from tests.world import World


@dataclass
class Site:
    world: World
    running: RunningSite
    visitors: list[Visitor] = field(default_factory=list)

    def visitor(self) -> Visitor:
        """Somebody who is not signed in."""
        made = self.running.visitor()
        self.visitors.append(made)
        return made

    def as_(self, handle: str) -> Visitor:
        """A member of the cast, signed in."""
        return self.visitor().use_session(self.world.session(handle))

    def close(self) -> None:
        for each in self.visitors:
            each.close()
