"""Making tree heads: what the log has grown by is checked, added to the tree, and a head signed over it.

Nothing is signed that the chain does not hold, nor a log that is not the one of the newest head: shorter,
or another at that place. Then a head is made only with a reason: an operator's word that it goes on so.
"""

from __future__ import annotations

import dataclasses
import enum
import hmac
from dataclasses import dataclass

from engine.evidence import packing, store
from engine.evidence.keeping import HeadFolder, folder_of
from engine.evidence.merkle import Tree
from engine.evidence.verifier.ed25519 import signed_by
from engine.evidence.verifier.heads import NO_HEAD, TreeHead
from engine.evidence.verifier.tree import leaf, line
from engine.kernel import clock, database, errors, events
from engine.kernel.reader import Parts

# A head is at most a minute old while anything was written: who looks every few seconds makes one in time.
DUE_MS = 45 * clock.SECOND
LOOK_EVERY_S = 5.0


class NoHeadsHere(errors.PolicyRefused):
    """This world is kept in memory or only looked at: no signed heads of its log are kept outside."""


class LogNotSigned(errors.ConfigurationError):
    """The log in the database is not the one that was signed: {problem} See what happened to the database and to the folder of heads. If you have restored a backup, say so with “yinxin log resume”."""  # noqa: E501


class Problem(enum.StrEnum):
    """Why a log cannot simply go on: what is told of it."""

    UNREADABLE = "The newest signed head cannot be read, or its signature does not hold."
    STRANGE = "The signed heads are those of another world."
    LOST = (
        "Signed heads of this world are missing: their folder was lost, put back or is not there."
    )
    BEHIND = (
        "The log ends before the newest signed head: its end was cut off, or a backup restored."
    )
    OTHER = "The event at the newest signed head is another one: the log was rewritten or went another way."
    BROKEN = (
        "The chain of the newest events does not hold: they were changed before a head was signed."
    )
    CHANGED = (
        "Events under the newest signed head were changed: the tree over them has another root."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a log stands to its newest signed head; `log` is the newest event."""

    newest: TreeHead | None
    log: events.Head
    problem: Problem | None = None

    @property
    def young(self) -> int:
        """How many events no head was signed over yet."""
        known = 0 if self.newest is None else self.newest.size
        return max(0, self.log.seq - known)


def signed(parts: Parts, head: TreeHead) -> bool:
    """Whether a head is signed by the world's own key."""
    key = packing.log_key(parts.keyring)
    return head.key == key.hex() and signed_by(key, bytes.fromhex(head.signature), head.signed())


def standing(parts: Parts, connection: database.Connection) -> Standing:
    """How the log stands to what is kept outside; costs a few reads.

    Raises: NoHeadsHere.
    """
    folder, log = _folder(parts), events.head(connection)
    noted = folder.noted()
    try:
        newest = folder.newest()
    except ValueError:
        return Standing(newest=None, log=log, problem=Problem.UNREADABLE)
    problem = None
    if noted is not None and (newest is None or noted.timestamp > newest.timestamp):
        problem = Problem.LOST
    elif newest is not None:
        problem = _differs(parts, connection, newest, log)
    return Standing(newest=newest, log=log, problem=problem)


def _differs(
    parts: Parts, connection: database.Connection, newest: TreeHead, log: events.Head
) -> Problem | None:
    if newest.world != parts.world_id:
        return Problem.STRANGE
    if not signed(parts, newest):
        return Problem.UNREADABLE
    if log.seq < newest.size:
        return Problem.BEHIND
    if newest.size and events.mac_at(connection, newest.size) != bytes.fromhex(newest.mac):
        return Problem.OTHER
    return None


def _folder(parts: Parts) -> HeadFolder:
    folder = folder_of(parts)
    if folder is None:
        raise NoHeadsHere()
    return folder


def refused(problem: Problem) -> LogNotSigned:
    """The refusal that tells of a problem."""
    return LogNotSigned(file="heads", problem=problem.value)


def require_sound(parts: Parts) -> None:
    """Refuse to go on with a log that is not the one of its heads; nothing for a world that keeps none.

    Raises: LogNotSigned.
    """
    if folder_of(parts) is not None:
        with parts.db.read() as connection:
            found = standing(parts, connection)
        if found.problem is not None:
            raise refused(found.problem)


def keep(parts: Parts) -> TreeHead | None:
    """A new head where one is due: something was written, and the newest is not of this minute.

    None where there is nothing to sign, or where none are kept. Raises: LogNotSigned.
    """
    folder = folder_of(parts)
    if folder is None:
        return None
    with parts.db.read() as connection:
        found = standing(parts, connection)
    if found.problem is not None:
        raise refused(found.problem)
    if not found.young:
        return None
    if found.newest is not None and 0 <= parts.clock.now_ms() - found.newest.timestamp < DUE_MS:
        return None
    return grow(parts)


def grow(parts: Parts, *, reason: str = "") -> TreeHead:
    """Sign a head over all that the log has now; the newest one where that is over all of it already.

    With a reason the log goes on from where it is, whatever the heads before say of it.
    Raises: NoHeadsHere, LogNotSigned.
    """
    folder = _folder(parts)
    with folder.locked(), parts.db.read() as connection:
        found = standing(parts, connection)
        if found.problem is not None and not reason:
            raise refused(found.problem)
        if found.newest is not None and not found.young and not reason:
            return found.newest
        tree = _grown(parts, connection, folder, None if reason else found.newest)
        # After its own newest head, or after the one that the world has noted where the folder was lost.
        before = folder.noted() if found.problem is Problem.LOST else found.newest
        head = _signed_head(parts, found.log, tree, before, reason)
        folder.append(head)
    return head


def tree_of(
    connection: database.Connection, folder: HeadFolder, newest: TreeHead, *, anew: bool = False
) -> Tree:
    """The tree under the newest head, out of the nodes that are kept; `anew`: out of the log.

    Nodes that do not lead to the head's root are made anew too. Only under the folder's lock.
    Raises: LogNotSigned where the log is not the one under the head.
    """
    tree = Tree(folder.nodes(), newest.size)
    if not anew and tree.root().hex() == newest.root:
        return tree
    made = Tree(folder.new_nodes())
    for block in store.log(connection):
        made.extend([leaf(line(columns)) for columns in block if columns[0] <= newest.size])
        if block[-1][0] >= newest.size:
            break
    if made.size != newest.size or made.root().hex() != newest.root:
        # What is kept stays: it may tell which event was changed.
        raise refused(Problem.CHANGED)
    folder.take_new_nodes()
    return tree


def _grown(
    parts: Parts, connection: database.Connection, folder: HeadFolder, newest: TreeHead | None
) -> Tree:
    tree, before = Tree(folder.nodes()), NO_HEAD
    if newest is not None:
        tree, before = tree_of(connection, folder, newest), newest.mac
    for block in store.log(connection, tree.size):
        for *columns, previous, mac in block:
            made = events.mac_of(parts.keyring, bytes.fromhex(previous), tuple(columns))
            if previous != before or not hmac.compare_digest(made.hex(), mac):
                raise refused(Problem.BROKEN)
            before = mac
        tree.extend([leaf(line(columns)) for columns in block])
    return tree


def _signed_head(
    parts: Parts, log: events.Head, tree: Tree, before: TreeHead | None, reason: str
) -> TreeHead:
    if tree.size != log.seq:
        raise refused(Problem.BROKEN)
    earliest = 0 if before is None else before.timestamp
    bare = TreeHead(
        world=parts.world_id,
        size=tree.size,
        root=tree.root().hex(),
        mac=log.mac.hex(),
        # Never before the head before it, also when the machine's clock was set back.
        timestamp=max(parts.clock.now_ms(), earliest),
        occurred_at=log.occurred_at,
        previous=NO_HEAD if before is None else before.digest(),
        key=packing.log_key(parts.keyring).hex(),
        reason=reason,
    )
    signature = packing.sign(parts.keyring, bare.signed())
    return dataclasses.replace(bare, signature=signature.hex())
