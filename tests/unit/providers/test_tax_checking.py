"""INV-2: the simulated tax service refuses what the real one refuses, each with its code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.boot import memory_world
from engine.kernel import errors, ports
from engine.providers import tax
from engine.providers.store import Memory

SELLER = ports.TaxParty(name="印信数字认证服务有限公司", code="91650100MA77TE5T1Y")
BUYER = ports.TaxParty(name="新疆天山净水科技有限公司", code="91650100MA77TE5T1Y")
LINE = ports.TaxLine(
    code="3040203000000000000",
    name="*信息技术服务*数字证书服务费",
    net_fen=18_868,
    tax_fen=1_132,
    rate_permille=60,
    unit="年",
    quantity="2",
    price="94.34",
)
ASKED = ports.InvoiceRequest(
    invoice_id="inv_1",
    kind="ordinary",
    seller=SELLER,
    buyer=BUYER,
    lines=(LINE,),
    net_fen=18_868,
    tax_fen=1_132,
    total_fen=20_000,
    drawer="模拟开票员",
)
NOTHING = {"net_fen": 0, "tax_fen": 0, "quantity": "", "price": ""}
BACK = replace(LINE, net_fen=-9_434, tax_fen=-566, quantity="-1")


@pytest.fixture
def service() -> tax.SimulatedTaxService:
    world = memory_world()
    return tax.SimulatedTaxService(Memory(world.engine.parts, world.engine.now), tax.load_rules())


def red(number: str, **changes: object) -> ports.RedRequest:
    asked = ports.RedRequest(
        invoice_id="inv_red",
        blue_number=number,
        reason="03",
        applicant="1",
        confirmed=True,
        kind="ordinary",
        seller=SELLER,
        buyer=BUYER,
        lines=(BACK,),
        net_fen=-9_434,
        tax_fen=-566,
        total_fen=-10_000,
        drawer="模拟开票员",
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


@pytest.mark.row("INV-2")
def test_what_is_right_is_numbered_with_twenty_digits_and_the_next_one_follows(service):
    one, two = service.issue(ASKED), service.issue(replace(ASKED, invoice_id="inv_2"))
    assert (one.status, one.total_fen) == ("issued", 20_000)
    # 26 the year, 65 the region, 2 the channel, and a sequence.
    assert (one.number, two.number) == (f"26652{1:015d}", f"26652{2:015d}")
    assert service.issue(ASKED) == one == service.outcome("inv_1")
    assert service.outcome("inv_9").status == "unknown"


@pytest.mark.row("INV-2")
@pytest.mark.parametrize(
    ("changes", "line", "problem"),
    [
        ({"seller": replace(SELLER, code="91650100MA77TE5T1X")}, {}, "seller_unknown"),
        ({"buyer": replace(BUYER, name=" ")}, {}, "buyer_missing"),
        ({"buyer": replace(BUYER, code="123")}, {}, "buyer_code_wrong"),
        ({"kind": "special", "buyer": replace(BUYER, code="")}, {}, "buyer_code_missing"),
        ({"lines": ()}, {}, "lines_missing"),
        ({}, {"code": "304020300000000000"}, "classification_wrong"),
        ({}, {"name": "数字证书服务费"}, "name_wrong"),
        ({}, {"rate_permille": 70}, "rate_wrong"),
        ({}, {"exempt": True}, "rate_wrong"),
        ({}, {"tax_fen": 1_200}, "line_wrong"),
        ({}, {"price": "94.40"}, "line_wrong"),
        ({}, {"price": ""}, "line_wrong"),
        ({}, {"price": "94.34000000000001"}, "line_wrong"),
        ({"net_fen": 18_000}, {}, "sum_wrong"),
        ({"total_fen": 20_001}, {}, "sum_wrong"),
        ({"net_fen": 0, "tax_fen": 0, "total_fen": 0}, NOTHING, "sign_wrong"),
    ],
)
def test_what_is_wrong_is_refused_with_its_code_and_can_be_sent_again(
    service, changes, line, problem
):
    lines = {"lines": (replace(LINE, **line),)} if line else {}
    wrong = replace(ASKED, **{**changes, **lines})
    told = service.issue(wrong)
    assert (told.status, told.problem, told.number) == ("refused", problem, "")
    assert service.outcome("inv_1") == told
    assert service.issue(ASKED).status == "issued"


@pytest.mark.row("INV-2")
def test_red_letters_take_back_as_much_as_there_is_and_no_more(service):
    number = service.issue(ASKED).number
    part = service.reverse(red(number))
    assert (part.status, part.total_fen) == ("issued", -10_000)
    assert service.reverse(red(number)) == part
    rest = service.reverse(red(number, invoice_id="inv_rest"))
    assert rest.status == "issued"
    more = service.reverse(red(number, invoice_id="inv_more"))
    assert (more.status, more.problem) == ("refused", "taken_back_already")


@pytest.mark.row("INV-2")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"blue_number": f"26652{9:015d}"}, "blue_unknown"),
        ({"reason": "05"}, "reason_wrong"),
        ({"applicant": "2"}, "reason_wrong"),
        ({"kind": "special", "confirmed": False}, "not_confirmed"),
        ({"reason": "01"}, "whole_only"),
    ],
)
def test_a_red_letter_that_cannot_be_is_refused_with_its_code(service, changes, problem):
    number = service.issue(ASKED).number
    told = service.reverse(replace(red(number), **changes))
    assert (told.status, told.problem) == ("refused", problem)


@pytest.mark.row("INV-2")
def test_a_month_s_quota_is_used_up_by_invoices_and_given_back_by_red_letters():
    world = memory_world()
    rules = tax.load_rules().model_copy(update={"quota_fen": 20_000})
    service = tax.SimulatedTaxService(Memory(world.engine.parts, world.engine.now), rules)
    number = service.issue(ASKED).number
    second = replace(ASKED, invoice_id="inv_2")
    assert service.issue(second).problem == "quota_used_up"
    for name in ("inv_red", "inv_rest"):
        assert service.reverse(red(number, invoice_id=name)).status == "issued"
    assert service.issue(second).status == "issued"


@pytest.mark.row("INV-2")
def test_a_sheet_of_paper_is_used_once_a_print_and_another_voids_it(service):
    with pytest.raises(errors.NotFound):
        service.print_paper("inv_1", print_id="shp_1")
    service.issue(ASKED)
    first = service.print_paper("inv_1", print_id="shp_1")
    assert (len(first.code), len(first.number)) == (12, 8)
    assert service.print_paper("inv_1", print_id="shp_1") == first
    second = service.print_paper("inv_1", print_id="shp_2")
    assert second.number != first.number
