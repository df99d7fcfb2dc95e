"""Machine clients of the tests: registered, approved by somebody else, with a token and an endpoint."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from engine import worker
from engine.boot import World
from engine.integrating import actions, model, queries
from engine.kernel import actors, clock
from engine.staffing.model import Role
from tests.support import worlds

STEADY = "https://receiver.example/steady"
ALL_KINDS = tuple(model.events())


@dataclasses.dataclass(frozen=True)
class Office:
    """Two administrators, who register machines and approve what the other one proposes."""

    world: World
    maker: actors.Staff
    approver: actors.Staff

    def access(self, **changes: object) -> model.Access:
        """An access that may read everything for thirty days, with changes."""
        given = {
            "scopes": tuple(one for one in model.scopes() if one.endswith(":read")),
            "role": str(Role.AUDITOR),
            "expires_at": self.world.engine.now() + 30 * clock.DAY,
        }
        return model.Access(**(given | changes))  # type: ignore[arg-type]

    def propose(self, name: str = "仓储系统", **changes: object) -> model.Client:
        """A client that waits for approval."""
        given = {
            "name": name,
            "purpose": "核对库存与订单",
            "owner_id": self.maker.staff_id,
            "access": self.access(**changes),
        }
        return self.world.engine.perform(actions.register_client, given, actor=self.maker)

    def client(self, name: str = "仓储系统", **changes: object) -> model.Client:
        """A client that was approved."""
        proposal = self.propose(name, **changes).proposal
        assert proposal is not None
        return self.approve(proposal.id)

    def approve(self, proposal_id: str) -> model.Client:
        """Approve a proposal of the maker's."""
        given = {"proposal_id": proposal_id}
        return self.world.engine.perform(actions.approve_client, given, actor=self.approver)

    def token(self, client: model.Client, overlap_hours: int = 24) -> model.IssuedToken:
        """A new token of a client."""
        given = {"client_id": client.id, "overlap_hours": overlap_hours}
        return self.world.engine.perform(actions.issue_token, given, actor=self.maker)

    def machine(self, token: str) -> actors.Staff | None:
        """As whom a token acts."""
        found = self.world.engine.ask(queries.admitted, worlds.SYSTEM, token)
        return None if found is None else found[1]

    def endpoint(
        self, client: model.Client, url: str = STEADY, kinds: Sequence[str] = ALL_KINDS
    ) -> model.NewSecret:
        """An endpoint whose receiver checks with its secret."""
        given = {"client_id": client.id, "url": url, "kinds": tuple(kinds)}
        made = self.world.engine.perform(actions.add_endpoint, given, actor=self.maker)
        if self.world.receivers is not None:
            self.world.receivers.trust(url, made.secret)
        return made

    def shown(self, endpoint_id: str) -> model.Endpoint:
        """An endpoint as it stands."""
        return self.world.engine.ask(queries.endpoint, self.maker, endpoint_id)

    def deliveries(self, endpoint_id: str, status: str = "") -> list[model.Delivery]:
        """The deliveries to an endpoint, the newest first."""
        return self.world.engine.ask(queries.deliveries, self.maker, endpoint_id, status)

    def attempts(self, delivery_id: str) -> list[model.Attempt]:
        """The tries of a delivery."""
        return self.world.engine.ask(queries.attempts, self.maker, delivery_id)

    def test(self, endpoint_id: str) -> model.Delivery:
        """Send a test event, without doing the job yet."""
        given = {"endpoint_id": endpoint_id}
        return self.world.engine.perform(actions.send_test, given, actor=self.maker)

    def replay(self, delivery_id: str) -> model.Delivery:
        """Have a delivery that has ended sent once more."""
        given = {"delivery_id": delivery_id}
        return self.world.engine.perform(actions.replay, given, actor=self.maker)


def office(world: World) -> Office:
    """The two who register machines in a world."""
    return Office(
        world=world,
        maker=worlds.staff(world, Role.ADMINISTRATOR),
        approver=worlds.staff(world, Role.ADMINISTRATOR),
    )


def run_until(world: World, until: int) -> None:
    """Do what is due, job by job, with the clock going to each one's instant, up to an instant."""
    while True:
        worker.tick(world, owner="test")
        due = world.next_due()
        if due is None or due > until:
            break
        worlds.clock_of(world).set(max(due, world.engine.now()))
    worlds.clock_of(world).set(until)
