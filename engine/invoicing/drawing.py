"""The fully digital invoice (数电票) as a PDF, with what `domain-rules.md` 7 lists on its face (INV-2)."""

from __future__ import annotations

from engine.invoicing import model
from engine.kernel import clock
from engine.pdf import amounts, typeset
from engine.policies import model as policies

KINDS = {"ordinary": "普通发票", "special": "增值税专用发票"}
REASONS = {"01": "开票有误", "02": "销货退回", "03": "服务终止", "04": "销售折让"}
# What is drawn here is numbered by a simulated tax service, and says so on its face.
NOTICE = "模拟票样 TEST"


def draw(
    face: model.Face,
    seller: policies.Seller,
    number: str,
    issued_at: int,
    *,
    paper: tuple[str, str] = ("", ""),
) -> bytes:
    """An invoice or a red letter as a PDF, on as many pages as its lines need.

    `paper` is the code (12 digits) and the number (8 digits) of the sheet that it is printed on.
    Raises: fonts.CharacterNotDrawable where no face has a character of what was entered.
    """
    return typeset.render(
        "invoice",
        {
            "issued_at": issued_at,
            "kind": KINDS[face.kind],
            "number": number,
            "paper_code": paper[0],
            "paper_number": paper[1],
            "issued_on": f"{clock.civil_date(issued_at):%Y年%m月%d日}",
            "buyer": {"name": face.buyer.name, "code": face.buyer.code},
            "seller": {"name": seller.name, "code": seller.code},
            "lines": [
                {
                    "name": line.name,
                    "spec": line.spec,
                    "unit": line.unit if line.quantity else "",
                    "quantity": quantity(line),
                    "price": model.unit_price(line),
                    "net_fen": line.amount_fen,
                    "rate": model.rate_text(line),
                    "tax_fen": line.tax_fen,
                }
                for line in face.lines
            ],
            "total_fen": face.total_fen,
            "total_words": words(face.total_fen),
            "remarks": remarks(face, seller),
            "drawer": seller.drawer,
            "qr_text": qr_text(number, face.total_fen, issued_at, kind=face.kind),
            "notice": NOTICE,
        },
    )


def quantity(line: model.Line) -> str:
    """A quantity as it is printed; nothing where a line has none."""
    return str(line.quantity) if line.quantity else ""


def words(total_fen: int) -> str:
    """A total in Chinese capitals, as an invoice has it: 圆 for the unit, （负数） before a red one."""
    said = amounts.capitals(abs(total_fen)).replace("元", "圆")
    return f"（负数）{said}" if total_fen < 0 else said


def qr_text(number: str, total_fen: int, issued_at: int, *, kind: str) -> str:
    """What the code on the face says: version, kind (31 special, 32 ordinary), number, total, date."""
    code = "31" if kind == "special" else "32"
    day = clock.civil_date(issued_at)
    return f"01,{code},,{number},{model.yuan(total_fen)},{day:%Y%m%d},,"


def remarks(face: model.Face, seller: policies.Seller) -> list[str]:
    """What stands in 备注: the invoice that is taken back, banks, addresses, and what was asked for."""
    found: list[str] = []
    if face.reverses_number:
        found.append(
            f"被红冲蓝字数电发票号码：{face.reverses_number}　红冲原因：{REASONS[face.reason]}"
        )
    buyer = face.buyer
    place = _joined(("购买方地址", buyer.address), ("电话", buyer.phone))
    bank = _joined(("购方开户银行", buyer.bank), ("银行账号", buyer.bank_account))
    found += [text for text in (place, bank) if text]
    if face.kind == "special" or bank:
        found.append(
            _joined(("销售方地址、电话", seller.address), ("销方开户行及账号", seller.bank))
        )
    if buyer.remarks:
        found.append(buyer.remarks)
    return found


def _joined(*parts: tuple[str, str]) -> str:
    return "；".join(f"{label}：{text}" for label, text in parts if text)
