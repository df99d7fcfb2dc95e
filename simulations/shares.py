"""What people do with services and invoices: the shares of a scenario."""

from __future__ import annotations

from engine.kernel import catalog
from engine.kernel.catalog import Share


class Services(catalog.Declared):
    """What people order beside certificates: shares of those who come that far."""

    # An information service for the enterprise, one for oneself, and a platform's service.
    information: Share = 0.0
    own: Share = 0.0
    platform: Share = 0.0
    # Of those who ordered: who never pays, who takes it back, who renews at once, who gives a paid one up.
    never_pays: Share = 0.0
    takes_back: Share = 0.0
    renews: Share = 0.0
    gives_up: Share = 0.0


class Invoices(catalog.Declared):
    """How people have invoices made out: shares of those who apply for one."""

    # On paper to an address, where the CA has paper; as a special VAT invoice.
    paper: Share = 0.0
    special: Share = 0.0
    # With the title of another company, which is kept for the next time.
    other_title: Share = 0.0
    # With a wrong title, which is taken back by a red letter once it is seen, and made out anew.
    wrong_title: Share = 0.0
    # Who makes a title the default first, and who deletes the titles that are not needed any more.
    prefers: Share = 0.0
    tidies: Share = 0.0
    # Of special ones: who has it deducted, so that a red letter has to be confirmed.
    deducts: Share = 0.0
