"""What goes wrong in stories, and what comes later: lost phones, rejections, ended terms, red letters."""

from __future__ import annotations

import contextlib

from engine.boot import tables, travel
from engine.issuing.proofs import CertificateNotUsable
from engine.kernel import clock, errors
from engine.kernel.reader import Reader
from engine.ordering import actions as ordering
from engine.registration import actions as registration
from engine.reviewing import actions as reviewing
from engine.staffing.model import Right
from simulations import papers
from simulations.stories import acts, acts_pc
from simulations.stories.persona import Persona
from simulations.stories.play import Play

# By yangguang's rules a certificate is recognised nationally; the guide's own platform sells none such.
_SELLS_NATIONAL, _OTHER = "yangguang", "guangzheng"
_INTO_WINDOW_DAYS, _PAST_END_DAYS = 300, 70

# -- a lost phone ----------------------------------------------------------------------------------


def suspend(play: Play, who: Persona) -> None:
    """Put the certificate on hold at once."""
    play.as_oneself(who, who.suspend_certificate)


def take_another_phone(play: Play, who: Persona) -> None:
    """The phone is gone; on another one with the same number somebody signs in."""
    who.lose_phone()
    acts.sign_in_anew(play, who)


def order_replacement(play: Play, who: Persona) -> None:
    """Order another pair for the rest of the term."""
    who.order_id = _successor(play, who, "replace", why="lost_phone")


def _successor(play: Play, who: Persona, business: str, **more: object) -> str:
    def place(confirmed: bool) -> str:
        return who.order_successor(business, confirmed=confirmed, **more)

    try:
        return play.as_oneself(who, lambda: place(False))
    except ordering.StrandsFiles:
        return play.as_oneself(who, lambda: place(True))


# -- rejected, and forged --------------------------------------------------------------------------


def claim_blurred(play: Play, who: Persona) -> None:
    """Claim with a photo of the licence that nobody can read."""
    who.forged_papers = {"licence": papers.blurred()}
    who.claim()


def claim_again(play: Play, who: Persona) -> None:
    """Claim once more, with a picture that can be read."""
    who.forged_papers = {}
    who.claim()


def claim_forged(play: Play, who: Persona) -> None:
    """Claim with a licence that somebody has drawn."""
    licence = papers.picture("licence", who.identity.enterprise)
    who.forged_papers = {"licence": papers.marked(licence)}
    who.claim()


def reject_unreadable(play: Play, who: Persona) -> None:
    """A reviewer rejects: the licence cannot be read."""
    _reject(play, "licence_unreadable")


def reject_forged(play: Play, who: Persona) -> None:
    """A reviewer rejects: what was handed in is no original."""
    _reject(play, "licence_not_original")


def _reject(play: Play, reason: str) -> None:
    for case in play.waiting()[:1]:
        reviewer = play.office.claim(case)
        given = {"case_id": case.id, "reasons": (reason,)}
        play.world.engine.perform(reviewing.reject, given, actor=reviewer)


def propose_termination(play: Play, who: Persona) -> None:
    """Somebody who looks after accounts proposes to end this one; another decides."""
    given = {
        "account_id": play.world.engine.ask(_account_of, tables.INSIDE, who.identity.phone),
        "reason": "false_registration",
        "note": "营业执照系伪造",
    }
    play.office.do(registration.propose_termination, given)


def _account_of(q: Reader, phone: str) -> str:
    found = q.find("account.phone", phone)
    if not found:
        raise errors.NotFound(what="account")
    return str(found[0])


# -- the end of a term -----------------------------------------------------------------------------


def months_pass(play: Play, who: Persona) -> None:
    """Ten months go by on the stage's own clock: the certificate is near its end."""
    _let_pass(play, _INTO_WINDOW_DAYS)


def the_term_ends(play: Play, who: Persona) -> None:
    """More weeks go by: the first certificate's term is over."""
    _let_pass(play, _PAST_END_DAYS)


def _let_pass(play: Play, days: int) -> None:
    mover = play.office.with_right(Right.DEMO)[0]
    travel.go(play.world, by_ms=days * clock.DAY, actor=mover)
    play.settle()


def scan_login_refused(play: Play, who: Persona) -> None:
    """Try to sign in at the PC with the certificate that has lapsed; the phone says why it cannot."""
    _ticket_id, qr_text = who.show_login_qr()
    with contextlib.suppress(CertificateNotUsable):
        who.scan_and_confirm(qr_text)


def bind_anew(play: Play, who: Persona) -> None:
    """Give the old binding up and bind the certificate that took its place."""
    acts_pc.ensure_at_pc(who)
    who.browser.perform("binding.unbind", {}, key=who.key())
    who.scan_and_confirm(who.show_binding_qr())


# -- invoices --------------------------------------------------------------------------------------


def apply_for_invoice(play: Play, who: Persona) -> None:
    """Apply for the electronic invoice of the paid order, in the enterprise's own name."""
    made = who.apply_for_invoice("certificate", who.to_tick("certificate"))
    play.kept["invoice"] = made["id"]


def ask_red_letter(play: Play, who: Persona) -> None:
    """Ask for the newest invoice to be taken back: made out wrongly."""
    who.ask_red_letter(play.kept.get("invoice") or play.newest("invoice"), "01")


# -- across platforms ------------------------------------------------------------------------------


def certified_nationally(play: Play, who: Persona) -> None:
    """Whoever has a certificate of one platform that others recognise."""
    who.platform_id = _SELLS_NATIONAL
    acts.owner(play, who)
    acts.obtain(play, who, "national")


def onboard_elsewhere(play: Play, who: Persona) -> None:
    """Join another platform, which has never seen this certificate."""
    who.platform_id = _OTHER
    acts.onboard(play, who)


def bind_nationally(play: Play, who: Persona) -> None:
    """Bind it there by the national code; the platform looks at the entity first."""
    acts_pc.ensure_at_pc(who)
    who.scan_and_confirm(who.show_binding_qr("national"))


def scan_login_nationally(play: Play, who: Persona) -> None:
    """Sign in there by the national code."""
    acts_pc.sign_out(play, who)
    ticket_id, qr_text = who.show_login_qr("national")
    who.scan_and_confirm(qr_text)
    who.finish_login(ticket_id)
