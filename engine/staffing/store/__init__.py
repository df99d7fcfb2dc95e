"""The SQL of staff, by subject."""

from __future__ import annotations

# Tables that the log does not tell of, and why.
UNLOGGED = {
    "staff_credential": "password hashes are secrets",
    "staff_session": "sessions are secrets; signing in and out are facts",
    "staff_totp": "second factors are secrets; setting one up and taking it away are facts",
    "staff_recovery_code": "digests of secrets; making and using them are facts",
}
