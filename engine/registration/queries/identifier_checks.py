"""What the identifiers on a sheet say of themselves: their check characters, computed again."""

from __future__ import annotations

from engine.kernel import identifiers
from engine.reviewing import model as reviewing


def code_checks(uscc: str) -> tuple[reviewing.Check, ...]:
    """Whether a credit code holds, and the organization code inside it, in which older codes differ."""
    return (
        reviewing.Check(
            label="The credit code's check character holds",
            ok=identifiers.credit_code_check_character(uscc[:17]) == uscc[17:],
        ),
        reviewing.Check(
            label="The organization code's check character holds (older codes may differ)",
            ok=identifiers.organization_check_character(uscc[8:16]) == uscc[16],
        ),
    )


def number_check(number: str) -> reviewing.Check:
    """Whether the representative's resident ID number holds."""
    return reviewing.Check(
        label="The representative's resident ID number holds",
        ok=len(number) == 18 and identifiers.id_check_character(number[:17]) == number[17],
    )
