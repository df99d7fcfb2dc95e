"""Services, invoices, titles, addresses and post for people; money and invoices for finance."""

from __future__ import annotations

from engine.delivering import actions as delivering
from engine.delivering import queries as deliveries
from engine.http.routing import Route
from engine.http.routing import asks as _asks
from engine.http.routing import does as _does
from engine.invoicing import actions as invoicing
from engine.invoicing import queries as invoices
from engine.ordering import actions as ordering
from engine.ordering import queries as orders
from engine.reconciling import queries as reconciled
from engine.subscribing import actions as subscribing
from engine.subscribing import queries as subscriptions

ROUTES: tuple[Route, ...] = (
    _does("person", delivering.add_address, "Keep an address for post"),
    _does("person", delivering.change_address, "Change one of the person's addresses"),
    _does("person", delivering.set_default_address, "Take an address for paper invoices, or none"),
    _does("person", delivering.delete_address, "Delete one of the person's addresses"),
    _asks("person", deliveries.shipment, "How far the post with something is"),
    _asks("person", deliveries.shipments, "Every time something was posted"),
    _does("person", delivering.report_lost, "Say that post has not come"),
    _does("person", delivering.redirect, "Have post go to another address"),
    _asks("person", deliveries.addresses, "The person's addresses"),
    _asks("person", deliveries.address, "One of the person's addresses"),
    _asks("person", deliveries.address_form, "What an address can be called, and how many"),
    _asks("person", deliveries.regions, "The provinces, or what is below one or a city"),
    _asks("person", subscriptions.catalogue, "The services that can be ordered"),
    _asks("person", subscriptions.mine, "The person's service orders"),
    _asks("person", subscriptions.order, "One service order"),
    _asks("person", subscriptions.detail, "One service order with what can be done with it"),
    _does("person", subscribing.place_order, "Order a service"),
    _does("person", subscribing.pay, "The payment of a service order"),
    _does("person", subscribing.cancel, "Take an unpaid service order back"),
    _does("person", subscribing.ask_refund, "Give a paid service up"),
    _asks("person", invoices.order_kinds, "The kinds of order that can be invoiced"),
    _asks("person", invoices.candidates, "Orders that can be invoiced"),
    _asks("person", invoices.preview, "An invoice before it is applied for"),
    _does("person", invoicing.apply_for_invoice, "Apply for an invoice"),
    _asks("person", invoices.mine, "The person's invoices"),
    _asks("person", invoices.invoice, "One invoice or red letter"),
    _asks("person", invoices.history, "What happened to an invoice"),
    _does("person", invoicing.withdraw_application, "Take an application for an invoice back"),
    _does("person", invoicing.send_again, "Correct an invoice that the tax service refused"),
    _does("person", invoicing.ask_red_letter, "Ask for an invoice to be taken back"),
    _does("person", invoicing.declare_deducted, "Say that a special invoice is deducted"),
    _does("person", invoicing.confirm_red_letter, "Confirm a red letter"),
    _does("person", invoicing.decline_red_letter, "Say that an invoice is not to be taken back"),
    _asks("person", invoices.titles, "The person's invoice titles"),
    _does("person", invoicing.add_title, "Keep an invoice title"),
    _does("person", invoicing.change_title, "Change an invoice title"),
    _does("person", invoicing.delete_titles, "Delete invoice titles"),
    _asks("staff", deliveries.in_states, "What is posted, by where it stands"),
    _asks("staff", invoices.standing, "How many invoices and red letters stand where"),
    _asks("staff", invoices.listed, "Invoices and red letters by where they stand"),
    _asks("staff", invoices.waiting, "Invoices and red letters by where they stand, oldest first"),
    _does("staff", delivering.write_off, "Take a parcel for lost of which nothing is heard"),
    _does("staff", delivering.send_again, "Send again what did not arrive"),
    _does("staff", delivering.find, "Settle that something has arrived after all"),
    _does("staff", invoicing.propose_red_letter, "Propose to take an invoice back"),
    _does("staff", invoicing.retry_invoice, "Have a refused invoice numbered once more"),
    _does("staff", invoicing.ask_buyer_again, "Ask a buyer once more to confirm a red letter"),
    _does("staff", invoicing.drop_red_letter, "Give up a red letter that the buyer declined"),
    _asks("staff", orders.money_days, "The business dates with their statements and sums"),
    _asks("staff", orders.statement_lines, "The lines of a day's statement, as they compared"),
    _asks("staff", orders.money_cases, "The cases of money that wait"),
    _asks("staff", orders.settled_money_cases, "The cases of money that were settled"),
    _does("staff", ordering.settle_case, "Settle a case of money, or propose how"),
    _asks("staff", reconciled.tax_days, "The days of the tax service with their sums"),
    _asks("staff", reconciled.tax_lines, "The lines of a day's list of invoices, as they compared"),
    _asks("staff", orders.chart, "The chart of accounts"),
    _asks("staff", orders.ledger_balances, "What stands in each account"),
    _asks("staff", orders.ledger_lines, "The lines of an account"),
    _asks("staff", orders.ledger_posting, "The lines of a posting"),
)
