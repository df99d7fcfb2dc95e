"""Where the phones of browsers keep their things: one file for each device cookie, outside the database.

A file is named by a hash of its cookie and sealed under a key that needs the cookie and the world's
`handset` secret, so neither the folder nor the browser alone opens it. It is made when a phone first
does something; one that holds no session is forgotten after a day. No key of the phone is in it: those are
in the browser (`pages/apps/handset/keys`).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine import boot
from engine.handset.store import Items
from engine.kernel import errors, ids
from engine.kernel.turns import TooBusy

_MOST_OPEN = 256
_MOST_IN_MEMORY = 10_000
_NEW_EACH_HOUR = 120
_HOUR_S = 3_600.0
_IDLE_S = 24 * _HOUR_S
_PATIENCE_S = 10


class TooManyPhones(errors.PolicyRefused):
    """Too many new phones came from this network within an hour. Try again later."""

    http_status = 429
    wait_s = 3600


@dataclass
class Kept:
    """An open store; who does something with it takes turns."""

    store: Items
    path: Path | None
    guard: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """One act at a time.

        Raises: TooBusy.
        """
        if not self.guard.acquire(timeout=_PATIENCE_S):
            raise TooBusy()
        try:
            yield
        finally:
            self.guard.release()


class PhoneStores:
    """The stores of one world's phones, opened once each."""

    def __init__(self, world: boot.World) -> None:
        self._world = world
        self._folder = None if world.path is None else world.path / "handsets"
        self._open: OrderedDict[str, Kept] = OrderedDict()
        self._made: dict[str, deque[float]] = {}
        self._swept_at = 0.0
        self._guard = threading.RLock()

    @property
    def world(self) -> boot.World:
        """Whose phones they are."""
        return self._world

    def find(self, token: str) -> Kept | None:
        """The store of a device cookie, where it has one."""
        name = name_of(token)
        with self._guard:
            kept = self._open.get(name)
            if kept is not None and (kept.path is None or kept.path.exists()):
                self._open.move_to_end(name)
                return kept
            if self._folder is None or not (path := self._folder / f"{name}.sqlite3").exists():
                return None
            return self._keep(name, token, path)

    def make(self, token: str, address: str) -> Kept:
        """The store of a device cookie, made where there is none.

        Raises: TooManyPhones.
        """
        with self._guard:
            found = self.find(token)
            if found is not None:
                return found
            self._count(address)
            name = name_of(token)
            path = None if self._folder is None else self._folder / f"{name}.sqlite3"
            return self._keep(name, token, path)

    def _keep(self, name: str, token: str, path: Path | None) -> Kept:
        secret = secret_of(self._world, token)
        kept = self._open[name] = Kept(Items(path, ids.system_entropy, secret), path)
        most = _MOST_IN_MEMORY if path is None else _MOST_OPEN
        while len(self._open) > most:
            self._open.popitem(last=False)[1].store.close()
        return kept

    def _count(self, address: str) -> None:
        now = time.monotonic()
        if len(self._made) > 10_000:
            self._made.clear()
        made = self._made.setdefault(address, deque())
        while made and made[0] <= now - _HOUR_S:
            made.popleft()
        if len(made) >= _NEW_EACH_HOUR:
            raise TooManyPhones()
        made.append(now)

    def sweep(self, now_s: float, *, every_s: float = _HOUR_S) -> int:
        """Forget the phones that hold nothing and were idle for a day, at most once an hour; how many."""
        with self._guard:
            if self._folder is None or now_s < self._swept_at + every_s:
                return 0
            self._swept_at = now_s
            return sum(self._forget(path, now_s) for path in self._folder.glob("*.sqlite3"))

    def _forget(self, path: Path, now_s: float) -> bool:
        files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
        there = [one for one in files if one.exists()]
        if any(one.stat().st_mtime > now_s - _IDLE_S for one in there):
            return False
        # Names are not sealed: whether something is worth keeping shows without the cookie.
        known = self._open.get(path.stem)
        store = known.store if known else Items(path, ids.system_entropy, _NO_COOKIE)
        held = store.names("session")
        store.close()
        if held:
            return False
        self._open.pop(path.stem, None)
        for one in files:
            one.unlink(missing_ok=True)
        return True


_NO_COOKIE = bytes(32)
_stores: dict[str, PhoneStores] = {}
_stores_guard = threading.Lock()


def name_of(token: str) -> str:
    """What the file of a device cookie is called."""
    return hmac.digest(b"yinxin handset store", token.encode(), hashlib.sha256).hex()


def secret_of(world: boot.World, token: str) -> bytes:
    """What seals the file of a device cookie."""
    return world.keyring.mac("handset", token.encode())


def of_world(world: boot.World) -> PhoneStores:
    """The stores of a world, made when first asked for."""
    with _stores_guard:
        found = _stores.get(world.id)
        if found is None or found.world is not world:
            found = _stores[world.id] = PhoneStores(world)
        return found
