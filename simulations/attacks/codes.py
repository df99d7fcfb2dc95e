"""Attacks on codes that are scanned: replayed, photographed, used for something else; and a guessed PIN."""

from __future__ import annotations

from engine.issuing.proofs import WrongPin
from engine.kernel import challenges
from simulations.attacks.running import Doing
from simulations.states.scene import Scene

_GUESSES = (
    "100200",
    "300400",
    "500600",
    "700800",
    "900100",
    "110220",
    "330440",
    "550660",
    "770880",
)


def _login(scene: Scene) -> tuple[str, str]:
    """The ticket's id and the text of its QR, as the way has kept them."""
    ticket_id, qr_text = scene.kept["shown"]
    return str(ticket_id), str(qr_text)


def _sign_in(scene: Scene) -> None:
    """The person scans a code of their own PC, confirms, and is signed in there."""
    me = scene.person("me")
    ticket_id, qr_text = me.show_login_qr()
    me.scan_and_confirm(qr_text)
    me.finish_login(ticket_id)


# -- a code that was used --------------------------------------------------------------------------


def _taken_again(scene: Scene) -> None:
    """Somebody with the browser's own secret takes the session once more."""
    scene.person("me").finish_login(_login(scene)[0])


def _scanned_again(scene: Scene) -> None:
    """Somebody who photographed the code scans it."""
    scene.person("other").handset.scan(_login(scene)[1])


def _confirmed_again(scene: Scene) -> None:
    """The very phone that confirmed it does so again."""
    me, ticket_id = scene.person("me"), _login(scene)[0]
    given = {"ticket_id": ticket_id, "certificate_id": me.certificate_id, "number": ""}
    me.handset.prove(
        "binding.confirm_login", given, me.certificate_id, me.identity.pin, b"once more"
    )


# -- a code that is shown --------------------------------------------------------------------------


def _scanned_second(scene: Scene) -> None:
    """Another phone scans what somebody is about to confirm."""
    scene.person("other").handset.scan(_login(scene)[1])


def _watched_elsewhere(scene: Scene) -> None:
    """Another browser waits for the session in the place of the one that shows the code."""
    other = scene.person("other")
    given = {"ticket_id": _login(scene)[0], "nonce": other.own_nonce()}
    other.browser.perform("binding.finish_login", given, key=other.key())


def _finish(scene: Scene) -> None:
    """Whoever scanned first confirms, and their own browser is signed in."""
    me = scene.person("me")
    ticket_id, qr_text = _login(scene)
    me.scan_and_confirm(qr_text)
    me.finish_login(ticket_id)


# -- a code for something else ---------------------------------------------------------------------


def _bound_instead(scene: Scene) -> None:
    """A code that was made for a sign-in is confirmed as if it were one to bind a certificate."""
    me, qr_text = scene.person("me"), _login(scene)[1]
    ticket = me.handset.scan(qr_text)
    given = {"ticket_id": ticket["id"], "certificate_id": me.certificate_id}
    given |= {"number": "", "particulars": {}}
    message = challenges.of_scanned(ticket, purpose="bind")
    me.handset.prove("binding.confirm_binding", given, me.certificate_id, me.identity.pin, message)


def _signed_instead(scene: Scene) -> None:
    """The same code, confirmed as if it were one to sign a contract."""
    me, qr_text = scene.person("me"), _login(scene)[1]
    ticket = me.handset.scan(qr_text)
    given = {"ticket_id": ticket["id"]}
    me.handset.prove(
        "signing.confirm_signature",
        given,
        me.certificate_id,
        me.identity.pin,
        challenges.of_scanned(ticket, purpose="sign"),
    )


# -- a PIN -----------------------------------------------------------------------------------------


def _confirm_with(scene: Scene, pin: str) -> None:
    me = scene.person("me")
    me.scan_and_confirm(_login(scene)[1], pin=pin)


def _guess_once(scene: Scene) -> None:
    """Somebody has the phone and tries a PIN."""
    _confirm_with(scene, _GUESSES[0])


def _guess_on(scene: Scene) -> None:
    """They try on until something else comes back than that it was wrong."""
    for pin in _GUESSES[1:]:
        try:
            _confirm_with(scene, pin)
        except WrongPin:
            scene.a_moment()
            continue
        return


def _right_too_late(scene: Scene) -> None:
    """At last they have found the right one."""
    _confirm_with(scene, scene.person("me").identity.pin)


def _show(scene: Scene) -> None:
    """The PC shows a code to sign in."""
    scene.kept["shown"] = scene.person("me").show_login_qr()


def _stolen_share(scene: Scene) -> None:
    """A copy of all that is on the phone, on another phone of another account."""
    me, phone = scene.person("me"), scene.person("other").handset
    phone.store.keep_key(me.certificate_id, me.handset.store.held_key(me.certificate_id))
    phone.confirm(phone.scan(_login(scene)[1]), me.certificate_id, me.identity.pin)


DOING = {
    "replayed_ticket": Doing(
        tries={
            "taken_again": _taken_again,
            "scanned_again": _scanned_again,
            "confirmed_again": _confirmed_again,
        },
        twin=_sign_in,
    ),
    "second_scanner": Doing(
        tries={"scanned_second": _scanned_second, "watched_elsewhere": _watched_elsewhere},
        twin=_finish,
    ),
    "wrong_purpose": Doing(
        tries={"bound_instead": _bound_instead, "signed_instead": _signed_instead}, twin=_finish
    ),
    "guessed_pin": Doing(
        tries={
            "guess_once": _guess_once,
            "guess_on": _guess_on,
            "right_too_late": _right_too_late,
        },
        twin=_finish,
    ),
    "copied_phone": Doing(ready=_show, tries={"stolen_share": _stolen_share}, twin=_finish),
}
