"""Who acts on a way to a state, and what was kept on it: people with phones and browsers, staff, time."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from engine import worker
from engine.boot import World, tables, travel
from engine.kernel import clock, errors, events, identifiers, ids
from engine.kernel.reader import Reader
from engine.staffing.model import Right
from simulations import population, streams
from simulations.people import Identity
from simulations.states import machines
from simulations.states.guest import Guest
from simulations.states.office import Office

# Who is who, and what they are at a trading platform.
_ROLES = {"supplier": "supplier"}
_CAST = ("me", "supplier", "colleague", "other")
# Ages are counted from a fixed day, so that a seed's people are the same whenever they are asked for.
REFERENCE = datetime.date(2026, 1, 1)
_ENTERS = "enters_"
_MOMENT_MS = 3 * clock.SECOND


class TakesTime(errors.PolicyRefused):
    """On the way to this state time has to pass ({days} days), and this world's clock runs by itself.

    Allow its clock to be moved forward, or make the state in a world of its own.
    """


@dataclasses.dataclass(frozen=True, slots=True)
class Party:
    """A person on a way, with what somebody needs who wants to go on as them. All of it is synthetic."""

    who: str
    name: str
    phone: str
    enterprise: str
    pin: str
    mall_login: str
    mall_password: str


class Scene:
    """One way being gone, by people whom nobody in this world has been yet."""

    def __init__(
        self, world: World, *, seed: int, group: int = 0, let_time_pass: bool = False
    ) -> None:
        self.world = world
        self._seed = seed
        self._let_time_pass = let_time_pass
        self._everybody = population.Population(self._number("people"), REFERENCE)
        self.group = self._free(group)
        self._entropy = ids.Stream(streams.entropy(seed, "states", self.group))
        self.office = Office(world, self._entropy)
        self.people: dict[str, Guest] = {}
        self.kept: dict[str, Any] = {}
        # What the log does not tell of is compared with what was there.
        self._before = {table: set(self._rows(table)) for table in machines.unlogged()}
        with world.engine.parts.db.read() as connection:
            self.since = events.head(connection).seq

    def _number(self, purpose: str) -> int:
        drawn = streams.entropy(self._seed, "states", purpose)
        return int.from_bytes(drawn[:6], "big")

    def _free(self, group: int) -> int:
        """The first group of people from here of whom this world knows none."""
        while self.world.engine.ask(_known, tables.INSIDE, self._everybody, self._indices(group)):
            group += 1
        return group

    @staticmethod
    def _indices(index: int) -> range:
        return range(index * len(_CAST), (index + 1) * len(_CAST))

    # -- people --------------------------------------------------------------------------------

    def person(self, who: str) -> Guest:
        """Somebody of the way, who is there from when they are first named.

        Raises: ConfigurationError.
        """
        if who not in _CAST:
            raise errors.ConfigurationError(
                file="data/states", problem=f"{who}: nobody is called so"
            )
        if who not in self.people:
            index = self._indices(self.group)[_CAST.index(who)]
            self.people[who] = Guest(
                self.world,
                self._identity(index),
                ids.Stream(streams.entropy(self._seed, "states device", index)),
                role=_ROLES.get(who, "purchaser"),
            )
        return self.people[who]

    def _identity(self, index: int) -> Identity:
        human, enterprise = self._everybody.person(index), self._everybody.enterprise(index)
        return Identity.of(human, enterprise)

    def be(self, who: str, changes: dict[str, str]) -> None:
        """Have somebody be as a sandbox wants them: `id_digits`, `code_start`, or a field as it stands."""
        person, given = self.person(who), dict(changes)
        if "id_digits" in given:
            first = person.identity.resident_id[:14] + given.pop("id_digits")
            given["resident_id"] = first + identifiers.id_check_character(first)
        if "code_start" in given:
            known = person.identity.uscc
            body = given.pop("code_start") + known[12:16]
            first = known[:8] + body + identifiers.organization_check_character(body)
            given["uscc"] = first + identifiers.credit_code_check_character(first)
        if "phone_end" in given:
            given["phone"] = person.identity.phone[:7] + given.pop("phone_end")
        entered = {name: given.pop(name) for name in list(given) if name.startswith(_ENTERS)}
        person.entity_changes |= {
            name.removeprefix(_ENTERS): told for name, told in entered.items()
        }
        if given.pop("representative", "") == "self":
            given["legal_representative"] = person.identity.name
            given["legal_representative_id"] = person.identity.resident_id
        person.identity = dataclasses.replace(person.identity, **given)

    def parties(self) -> list[Party]:
        """Who they are."""
        return [
            Party(
                who=who,
                name=one.identity.name,
                phone=one.identity.phone,
                enterprise=one.identity.enterprise if one.enterprise_id else "",
                pin=one.identity.pin,
                mall_login=one.mall_login() if one.mall_account_id else "",
                mall_password=one.identity.password if one.mall_account_id else "",
            )
            for who, one in self.people.items()
        ]

    # -- what was written ------------------------------------------------------------------------

    def touched(self, table: str) -> list[str]:
        """The rows of a table that this way has written, the newest last."""
        found: dict[str, None] = {}
        if table in tables.UNLOGGED:
            return [one for one in self._rows(table) if one not in self._before[table]]
        with self.world.engine.parts.db.read() as connection:
            after = self.since
            while log := events.read(connection, after=after):
                for event in log:
                    for name, row_id, values in event.changes:
                        if name == table and values is not None:
                            found.pop(row_id, None)
                            found[row_id] = None
                after = log[-1].seq
        return list(found)

    def _rows(self, table: str) -> list[str]:
        with self.world.engine.parts.db.read() as connection:
            sql = f"SELECT id FROM {table} ORDER BY created_at, id"  # noqa: S608
            return [str(row["id"]) for row in connection.rows(sql)]

    def settle(self) -> None:
        """Let outside parties answer; what a person here has paid is told of at once."""
        worker.tick(self.world, owner="states")
        for payment_id in self.touched("payment"):
            if self.world.deliver_due(payment_id):
                worker.tick(self.world, owner="states")

    # -- time ------------------------------------------------------------------------------------

    def a_moment(self) -> None:
        """What an act takes, in a world whose clock stands still meanwhile."""
        the_clock = self.world.engine.parts.clock
        if isinstance(the_clock, clock.ManualClock):
            the_clock.set(the_clock.now_ms() + _MOMENT_MS)

    def wait(self, by_ms: int) -> None:
        """Let time pass, and what falls due meanwhile happen.

        Raises: TakesTime.
        """
        the_clock = self.world.engine.parts.clock
        if isinstance(the_clock, clock.ManualClock):
            the_clock.set(the_clock.now_ms() + by_ms)
        elif self._let_time_pass:
            movers = self.office.with_right(Right.DEMO)
            if not movers:
                raise travel.OnlyInDemo()
            travel.go(self.world, by_ms=by_ms, actor=movers[0])
        else:
            raise TakesTime(days=max(1, by_ms // clock.DAY))
        self.settle()


def _known(q: Reader, everybody: population.Population, indices: range) -> bool:
    """Whether anybody of these is here already, by their phone or their enterprise."""
    people, enterprises = everybody.people(indices), everybody.enterprises(indices)
    marks = ", ".join("?" for _ in enterprises)
    sql = f"SELECT 1 AS n FROM enterprise_claim WHERE uscc IN ({marks}) LIMIT 1"  # noqa: S608
    return any(q.find("account.phone", one.phone) for one in people) or bool(
        q.rows(sql, [one.uscc for one in enterprises])
    )
