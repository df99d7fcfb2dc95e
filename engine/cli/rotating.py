"""`yinxin rotate-keys` and `rotate-shares`: another key over what a world keeps, while it is in use."""

from __future__ import annotations

from engine.cli import shell


def rotate_keys(world: shell.WorldOption = None) -> None:
    """Give a world a new key-encryption key, and wrap every data key by it.

    The world may be in use: readers open what either key wrapped, and nothing that the data keys protect
    is touched. When it is stopped or killed, the same command goes on where it was. A backup made before
    holds the key of then: keep its keys.sealed with it, and make a new backup now.

    Example: yinxin rotate-keys --world data/var/mine
    """
    # Here, because the whole engine would be loaded for every other command too.
    from engine.boot import rotation

    with shell.refusals(), shell.opened(world) as found:
        count = rotation.rotate(found)
    shell.say("{count} data keys are under the new key. Make a new backup now.", count=count)


def rotate_shares(world: shell.WorldOption = None) -> None:
    """Give a world a new key over the server's shares of certificates' keys, and seal every share by it.

    Those are the server's parts of signing keys, the share in use and the one that comes next, and its
    shares of encryption keys. The world may be in use, and the shares themselves stay: no phone notices.
    When it is stopped or killed, the same command goes on where it was. A backup made before holds the key
    of then: keep its keys.sealed with it, and make a new backup now.

    Example: yinxin rotate-shares --world data/var/mine
    """
    from engine.boot import rotation

    with shell.refusals(), shell.opened(world) as found:
        count = rotation.rotate_shares(found)
    shell.say(
        "The shares of {count} keys are under the new key. Make a new backup now.", count=count
    )
