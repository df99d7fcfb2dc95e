"""What is done with seals: applied for, made, entrusted, used, filed and ended."""

from engine.sealing.actions.applying import (
    ChangeUnderWay,
    NotByForm,
    NothingChanged,
    apply_for_seal,
    change_seal,
    remake_seal,
    withdraw,
    withdraw_application,
)
from engine.sealing.actions.delegating import (
    ActsMissing,
    EntrustedAlready,
    MayAlready,
    NotAColleague,
    NotEntrustable,
    TermInvalid,
    delegate_seal,
    end_all,
    withdraw_seal_delegation,
)
from engine.sealing.actions.making import (
    NotTheSealOrdered,
    carry_over,
    end,
    order_seal,
    record_seal,
)
from engine.sealing.actions.reporting import (
    NotRefused,
    file_again,
    record_filing,
    remind_of_seal,
)
from engine.sealing.actions.using import (
    StrokeMalformed,
    delete_seal,
    draw_signature,
    record_use,
    resume,
    suspend,
)

__all__ = [
    "ActsMissing",
    "ChangeUnderWay",
    "EntrustedAlready",
    "MayAlready",
    "NotAColleague",
    "NotByForm",
    "NotEntrustable",
    "NotRefused",
    "NotTheSealOrdered",
    "NothingChanged",
    "StrokeMalformed",
    "TermInvalid",
    "apply_for_seal",
    "carry_over",
    "change_seal",
    "delegate_seal",
    "delete_seal",
    "draw_signature",
    "end",
    "end_all",
    "file_again",
    "order_seal",
    "record_filing",
    "record_seal",
    "record_use",
    "remake_seal",
    "remind_of_seal",
    "resume",
    "suspend",
    "withdraw",
    "withdraw_application",
    "withdraw_seal_delegation",
]
