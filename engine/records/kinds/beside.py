"""What belongs to a record and has none of its own: its id's beginning → the question for the record."""

from __future__ import annotations

from collections.abc import Mapping

LEADS_TO: Mapping[str, str] = {
    "clm": "SELECT COALESCE(enterprise_id, account_id) AS id FROM enterprise_claim WHERE id = ?",
    "chg": "SELECT enterprise_id AS id FROM enterprise_change WHERE id = ?",
    "par": "SELECT enterprise_id AS id FROM enterprise_particulars WHERE id = ?",
    "mem": "SELECT enterprise_id AS id FROM membership WHERE id = ?",
    "ivt": "SELECT enterprise_id AS id FROM invitation WHERE id = ?",
    "mal": "SELECT enterprise_id AS id FROM mall_account WHERE id = ?",
    "prf": "SELECT account_id AS id FROM real_name_proof WHERE id = ?",
    "cls": "SELECT account_id AS id FROM closing WHERE id = ?",
    "arc": "SELECT account_id AS id FROM archive WHERE id = ?",
    "cal": "SELECT account_id AS id FROM phone_call WHERE id = ?",
    "adr": "SELECT account_id AS id FROM delivery_address WHERE id = ?",
    "ttl": "SELECT account_id AS id FROM invoice_title WHERE id = ?",
    "pay": "SELECT order_id AS id FROM payment WHERE id = ?",
    "rfd": "SELECT p.order_id AS id FROM refund r JOIN payment p ON p.id = r.payment_id WHERE r.id = ?",
    "bnd": "SELECT certificate_id AS id FROM binding WHERE id = ?",
    "rec": "SELECT certificate_id AS id FROM key_recovery WHERE id = ?",
    "sap": (
        "SELECT COALESCE((SELECT s.id FROM seal s WHERE s.application_id = a.id), a.enterprise_id,"
        " a.account_id) AS id FROM seal_application a WHERE a.id = ?"
    ),
    "sfl": "SELECT seal_id AS id FROM seal_filing WHERE id = ?",
    "sdl": "SELECT seal_id AS id FROM seal_delegation WHERE id = ?",
    "sig": "SELECT contract_id AS id FROM contract_signature WHERE id = ?",
    "pty": "SELECT contract_id AS id FROM contract_party WHERE id = ?",
    "voi": "SELECT contract_id AS id FROM contract_voiding WHERE id = ?",
    "shp": "SELECT subject AS id FROM shipment WHERE id = ?",
    "fop": "SELECT COALESCE(file_id, enterprise_id) AS id FROM file_opening WHERE id = ?",
}
