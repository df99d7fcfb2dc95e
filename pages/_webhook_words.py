"""The published events and how a receiver checks a signature, on the page of machines."""

from __future__ import annotations

import streamlit as st

from engine.integrating import model
from pages import _console, _machine_pieces
from pages._console import _

PYTHON = '''import base64, hashlib, hmac, time

def is_ours(headers, body: bytes, secret: str) -> bool:
    """headers: of the request, names in lower case; body: as it came; secret: whsec_…"""
    sent = int(headers["webhook-timestamp"])
    if abs(time.time() - sent) > 300:
        return False
    signed = f"{headers['webhook-id']}.{sent}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mine = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    given = headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(mine, one) for one in given)
'''
SHELL = """# ID, TIMESTAMP, SIGNATURE: the three headers; body.json: the body as it came; SECRET: whsec_…
KEY=$(printf %s "${SECRET#whsec_}" | base64 -d | od -An -tx1 | tr -d ' \\n')
{ printf '%s.%s.' "$ID" "$TIMESTAMP"; cat body.json; } \\
  | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64
# The same as what stands behind "v1," in SIGNATURE.
"""


def _curl() -> str:
    address = _console.world().public_url
    return (
        f"curl -s {address}/api/v1/integrating/my-client \\\n"
        "  -H 'Authorization: Bearer ymt_…' -H 'Content-Type: application/json' -d '{}'"
    )


def draw() -> None:
    """The catalogue, and the two snippets."""
    st.subheader(_("How a machine asks"), anchor=False)
    st.code(_curl(), language="bash")
    st.subheader(_("How a receiver checks what comes"), anchor=False)
    st.write(
        _(
            "Messages are signed as Standard Webhooks says: HMAC-SHA-256 over id, time and body, in"
            " `webhook-signature`. Anything but a 2xx answer is tried again for three days. The same"
            " message can come twice: know it by its `webhook-id`. Events come in the order of their"
            " `sequence`, but one that had to be tried again comes late."
        )
    )
    st.code(PYTHON, language="python")
    st.code(SHELL, language="bash")
    st.subheader(_("Events that are told"), anchor=False)
    language = _console.language()
    _console.table(
        [
            {
                _("Event"): name,
                _("What it is"): one.label.in_language(language),
                _("When"): one.about.in_language(language),
                _("Scope"): one.scope,
                _("Tells"): ", ".join(("id", *one.tells)),
                _("Version"): one.version,
            }
            for name, one in model.events().items()
        ]
    )
    st.subheader(_("Scopes"), anchor=False)
    _console.table(
        [
            {_("Scope"): scope, _("What it opens"): _machine_pieces.scope_label(scope)}
            for scope in model.scopes()
        ]
    )
