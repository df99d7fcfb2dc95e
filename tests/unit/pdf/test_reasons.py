from __future__ import annotations

import ast
from pathlib import Path

import engine.pdf
import engine.verifying
from engine.pdf import reasons, trust, verification
from engine.verifying import judging

FOLDER = Path(engine.pdf.__file__).parent
# What is judged above the signatures: seals, and what could not be read or took too much.
ABOVE = Path(engine.verifying.__file__).parent


def _codes() -> set[str]:
    """Every code that trust, findings and verification can give, read from their source."""
    own = set(trust._CODES.values()) | {
        "digest_mismatch",
        "signature_wrong",
        "revocation_unknown",
        "chain_invalid",
    }
    stamps = {"timestamp_untrusted" if c == "untrusted_issuer" else f"timestamp_{c}" for c in own}
    return own | stamps


def test_every_code_has_a_text_and_every_text_a_code() -> None:
    literals = {
        node.value
        for path in (
            *(FOLDER / f"{name}.py" for name in ("trust", "findings", "verification")),
            *ABOVE.glob("*.py"),
        )
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    known = set(reasons.REASONS)
    assert _codes() <= known
    assert known <= literals | _codes()
    assert known >= verification._OPEN


def test_every_verdict_has_a_text() -> None:
    assert set(reasons.VERDICTS) == {
        verification.VALID,
        verification.VALID_EXTENDED,
        verification.INDETERMINATE,
        verification.INVALID,
        verification.UNSIGNED,
        judging.UNREADABLE,
    }
