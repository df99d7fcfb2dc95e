"""Attacks from behind: notices that the bank never sent, and a hand in the database's file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from engine.kernel import actors, codec, database, errors, events
from engine.ordering import actions as ordering
from simulations.attacks.running import Doing
from simulations.states.scene import Scene


class NotPaid(errors.PolicyRefused):
    """The bank's own notice did not pay the order: it came to {what}."""


class LogBroken(errors.PolicyRefused):
    """The check of the log finds it: the chain does not hold at event {seq}."""


class NoCopy(errors.PolicyRefused):
    """The log of this world lies in a database server, of which no copy is made here."""


# -- notices ---------------------------------------------------------------------------------------


def _pay(scene: Scene) -> None:
    """The person pays; the bank's notice is about to come."""
    scene.world.bank.pay(scene.touched("payment")[-1])


def _true_notice(scene: Scene) -> tuple[bytes, bytes]:
    due = scene.world.bank.due(payment_id=scene.touched("payment")[-1])[0]
    return due.callback.body, due.callback.signature


def _send(scene: Scene, body: bytes, signature: bytes) -> str:
    return scene.world.engine.perform(
        ordering.receive_callback,
        {"body": body, "signature": signature},
        actor=actors.Machine(name="payment"),
        key=scene.person("me").key(),
    )


def _unsigned(scene: Scene) -> None:
    """A notice that somebody has written, with a signature by chance."""
    _send(scene, _true_notice(scene)[0], scene.person("me").entropy(32))


def _one_fen(scene: Scene) -> None:
    """The bank's true notice, caught on the way, with another amount in it."""
    body, signature = _true_notice(scene)
    _send(scene, codec.canonical(json.loads(body) | {"amount_fen": 1}).encode(), signature)


def _other_purpose(scene: Scene) -> None:
    """The bank's signature for transfers under a notice of a payment."""
    body, _signature = _true_notice(scene)
    other = scene.world.keyring.mac("payment-callbacks", b"transfer|" + body)
    _send(scene, body, other)


def _told(scene: Scene) -> None:
    """The bank's notice as the bank sent it.

    Raises: NotPaid.
    """
    came_to = _send(scene, *_true_notice(scene))
    if came_to != "paid":
        raise NotPaid(what=came_to)


# -- the log ---------------------------------------------------------------------------------------

# Whoever has the database can take away what keeps it from being changed.
_TRIGGERS = ("DROP TRIGGER event_is_not_updated", "DROP TRIGGER event_is_not_deleted")


def _checked(scene: Scene, *statements: str) -> None:
    """Copy the database, do something to the copy, and check the copy's log; the living one stays as it is.

    Raises: LogBroken, NoCopy.
    """
    living = scene.world.engine.parts.db
    if not isinstance(living, database.SqliteDatabase):
        raise NoCopy()
    with living.read() as connection:
        known = events.head(connection)
    with tempfile.TemporaryDirectory(prefix="yinxin-attack-") as folder:
        path = Path(folder) / "copy.sqlite3"
        living.backup_to(path)
        copy = database.SqliteDatabase(path)
        try:
            if statements:
                with copy.write() as connection:
                    for one in (*_TRIGGERS, *statements):
                        connection.run(one)
            with copy.read() as connection:
                breaks = events.verify(connection, scene.world.keyring, known)[1]
        finally:
            copy.close()
    if breaks:
        raise LogBroken(seq=breaks[0].seq)


def _middle(scene: Scene) -> int:
    """The number of a fact that this person has left."""
    return scene.since + 2


def _edited(scene: Scene) -> None:
    """Somebody else is made to have done it."""
    _checked(scene, f"UPDATE event SET actor = 'system:setup' WHERE seq = {_middle(scene)}")  # noqa: S608


def _deleted(scene: Scene) -> None:
    """One fact is taken out."""
    _checked(scene, f"DELETE FROM event WHERE seq = {_middle(scene)}")  # noqa: S608


def _swapped(scene: Scene) -> None:
    """Two facts change places."""
    one = _middle(scene)
    _checked(
        scene,
        f"UPDATE event SET seq = -1 WHERE seq = {one}",  # noqa: S608
        f"UPDATE event SET seq = {one} WHERE seq = {one + 1}",  # noqa: S608
        f"UPDATE event SET seq = {one + 1} WHERE seq = -1",  # noqa: S608
    )


def _cut(scene: Scene) -> None:
    """The newest facts are cut off; whoever has written down where the log ended finds it."""
    _checked(scene, f"DELETE FROM event WHERE seq > {_middle(scene)}")  # noqa: S608


def _whole(scene: Scene) -> None:
    """A copy to which nothing was done."""
    _checked(scene)


DOING = {
    "forged_callback": Doing(
        ready=_pay,
        tries={"unsigned": _unsigned, "one_fen": _one_fen, "other_purpose": _other_purpose},
        twin=_told,
    ),
    "tampered_log": Doing(
        tries={"edited": _edited, "deleted": _deleted, "swapped": _swapped, "cut": _cut},
        twin=_whole,
    ),
}
