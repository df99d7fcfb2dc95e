"""Texts are stored as codes and parameters and rendered when they are read.

English message ids stand in the code; translations in `data/locales/<language>/LC_MESSAGES`. A code
that has no text is an error of ours, found by a test.
"""

from __future__ import annotations

import functools
import gettext
from collections.abc import Iterable, Mapping

from engine.kernel import catalog, errors

LANGUAGES = ("zh_CN", "en")
_ABBREVIATIONS = frozenset(
    ("ca", "crl", "id", "ocsp", "pdf", "pin", "qr", "sms", "sql", "totp", "tsa", "uscc")
)
_FAMILIES = (
    *(
        "status",
        "role",
        "verdict",
        "report",
        "kind",
        "setting",
        "choice",
        "fact",
        "column",
        "table",
    ),
    *("paper", "actor", "product", "business", "usage", "medium", "origin", "purpose", "mode"),
    *("authority", "category", "colour", "signing_order", "held_by", "way", "picture"),
)
DEFAULT = "zh_CN"


@functools.cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, all of its files as one; English is the message ids themselves."""
    found = gettext.NullTranslations()
    if language != "en":
        folder = catalog.DATA / "locales"
        for path in sorted((folder / language / "LC_MESSAGES").glob("*.mo")):
            one = gettext.translation(path.stem, folder, languages=[language])
            one.add_fallback(found)
            found = one
    return found


@functools.cache
def messages(language: str) -> dict[str, str]:
    """Every message of a language that has a translation, for screens that are drawn in a browser."""
    told: dict[str, str] = {}
    one: gettext.NullTranslations | None = translations(language)
    while one is not None:
        known: dict[object, str] = getattr(one, "_catalog", {})
        told |= {key: text for key, text in known.items() if isinstance(key, str) and key}
        one = getattr(one, "_fallback", None)
    return told


def best_language(wanted: str) -> str:
    """The language we have that suits a browser's `Accept-Language` or locale best."""
    for part in wanted.replace("_", "-").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return DEFAULT


def text(message: str, language: str, **params: object) -> str:
    """A message id in a language, its parameters filled in."""
    translated = translations(language).gettext(message) if message else ""
    return translated.format(**params) if params else translated


def joined(words: Iterable[str], language: str) -> str:
    """Words one after the other, as a language separates them."""
    return ("、" if language == "zh_CN" else ", ").join(words)


def of_error(error: errors.EngineError, language: str) -> str:
    """What a refusal says to a reader of `language`."""
    params = {
        name: text(value, language) if isinstance(value, str) else value
        for name, value in error.params.items()
    }
    return text(error.template(), language).format(**params)


def _read(code: str) -> str:
    """A code as an English text: its words, with a capital at the beginning and abbreviations in theirs."""
    words = code.replace("_", ".").split(".")
    told = [one.upper() if one in _ABBREVIATIONS else one for one in words]
    return " ".join((told[0][:1].upper() + told[0][1:], *told[1:]))


def of_code(code: str, language: str, params: Mapping[str, object] | None = None) -> str:
    """A coded text (a fact's kind, a status, a message) in a language.

    English reads the code itself: `order.paid` is "Order paid" unless the catalogue says more.
    """
    translated = translations(language).gettext(code)
    if translated == code:
        # The prefix of a status, role or measure says where it belongs, not what it is.
        for prefix in _FAMILIES:
            code = code.rpartition(f"{prefix}.")[2]
        translated = _read(code)
    return translated.format(**params) if params else translated
