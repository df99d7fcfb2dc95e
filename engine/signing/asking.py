"""The questions of the form of a contract, which stand above making one."""

from engine.signing.drafting.drafts import draft, my_drafts
from engine.signing.queries.forms import attachments, form_rules, preview_contract
from engine.signing.templates import form_of, templates

__all__ = [
    "attachments",
    "draft",
    "form_of",
    "form_rules",
    "my_drafts",
    "preview_contract",
    "templates",
]
