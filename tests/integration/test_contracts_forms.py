"""The form of a contract: templates, uploads made anew and confirmed, attachments, kept forms."""

from __future__ import annotations

import base64
import io
from dataclasses import asdict, replace

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from engine.http import arguments, holders
from engine.kernel import codec, errors
from engine.pdf import fonts, intake, pixels, placing
from engine.policies import actions as policy_actions
from engine.signing import actions, asking, drafting, model, queries, templates
from engine.signing.drafting import drafts, wanted
from engine.staffing.model import Role
from tests.support import fold, hostile, trading, worlds
from tests.support import parties as people
from tests.support.worlds import SYSTEM
from tests.unit.pdf.test_rebuilding import link, note, written

SERVICE = {"content": "机房巡检与维护", "starts_on": "2026-07-01", "ends_on": "2027-06-30"}


@pytest.fixture
def deal(world):
    return trading.trade(world)


def given(deal, **more):
    return {"purchase_order_id": deal.purchase_order.id, "terms": trading.TERMS, **more}


def made(world, deal, **more):
    return world.engine.perform(
        actions.create_contract, given(deal, **more), actor=deal.purchaser.mall
    )


def preview(world, deal, **more):
    return world.engine.ask(asking.preview_contract, deal.purchaser.mall, **given(deal, **more))


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    return "".join(page.get_textpage().get_text_range() for page in document)


def plain(content):
    return "".join(text_of(content).split())


@pytest.mark.row("SGN-2")
@pytest.mark.guide("G-scansign-4")
def test_a_contract_is_made_from_a_chosen_template_and_keeps_its_version(world, deal):
    offered = world.engine.ask(asking.templates, deal.purchaser.mall)
    assert [(one.id, one.label.zh) for one in offered] == [
        ("purchase", "采购合同"),
        ("framework", "框架协议"),
        ("service", "服务合同"),
    ]
    asked = {"template_id": "service", "fields": {**SERVICE, "deposit": "12000.5"}}
    shown = preview(world, deal, **asked)
    assert (shown.findings, shown.needs_confirming, shown.warnings) == ((), False, ())
    contract = made(world, deal, **asked)
    content = trading.document(world, contract)
    assert content == shown.document
    told = plain(content)
    for text in (
        "服务合同",
        "机房巡检与维护",
        "2026年7月1日",
        "12,000.50元（大写：壹万贰仟元伍角整）",
        "项目联系人：由各方另行书面通知",
        deal.supplier.name,
    ):
        assert text in told, text
    assert "规格型号" not in told
    assert contract.template_id == offered[2].version
    kept = world.engine.ask(asking.form_of, deal.supplier.mall, contract.id)
    assert {one.code: one.value for one in kept if one.value} == asked["fields"]
    # What people write into a form stands nowhere in the clear.
    rows = worlds.rows(world, "SELECT fields FROM contract_form")
    assert "机房".encode() not in bytes(rows[0]["fields"])
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert "pdfaid:part" in pdf.Root.Metadata.read_bytes().decode()
    fold.require(world)


@pytest.mark.parametrize(
    ("template_id", "fields", "refusal", "field"),
    [
        ("nothing", {}, templates.TemplateUnknown, "template_id"),
        ("service", {}, drafting.FieldMissing, "fields.content"),
        ("service", {**SERVICE, "x": "1"}, templates.TemplateFieldUnknown, "fields.x"),
        ("service", {**SERVICE, "ends_on": "明天"}, drafting.DateInvalid, "fields.ends_on"),
        ("service", {**SERVICE, "deposit": "1.234"}, templates.MoneyInvalid, "fields.deposit"),
        ("service", {**SERVICE, "content": "字" * 501}, drafting.TextTooLong, "fields.content"),
        (
            "service",
            {**SERVICE, "content": "a\ue000"},
            fonts.CharacterNotDrawable,
            "fields.content",
        ),
        ("purchase", {"delivery_days": "三"}, templates.NumberInvalid, "fields.delivery_days"),
        ("purchase", {"quality": "最好"}, templates.ChoiceInvalid, "fields.quality"),
    ],
)
def test_a_field_that_is_filled_in_wrong_is_refused_by_name(
    world, deal, template_id, fields, refusal, field
):
    with worlds.unchanged(world), pytest.raises(refusal) as refused:
        made(world, deal, template_id=template_id, fields=fields)
    assert refused.value.field == field


def test_a_value_is_never_the_language_of_the_page(world, deal):
    said = '#panic("x") *b* $x$ {deposit} @ref <l> \\u{41}'
    contract = made(
        world, deal, template_id="service", fields={**SERVICE, "content": said, "deposit": "1"}
    )
    assert "".join(said.split()) in plain(trading.document(world, contract))


def test_a_new_version_of_a_template_changes_no_contract_that_is_there(world, deal):
    contract = made(world, deal, template_id="service", fields=SERVICE)
    before = trading.document(world, contract)
    body = world.engine.ask(
        lambda q: codec.load(
            q.policy(wanted.policies.ContractTemplate, "service").model_dump_json()
        ),
        SYSTEM,
    )
    body["fields"] = [one for one in body["fields"] if one["code"] != "contact"]
    body["clauses"] = [{"title": "新条款", "text": "服务内容：{content}。"}]
    one, other = (worlds.staff(world, Role.LEAD) for _ in range(2))
    proposed = world.engine.perform(
        policy_actions.propose,
        {"kind": "contract_template", "name": "service", "body": body, "effective_at": 0},
        actor=one,
    )
    world.engine.perform(policy_actions.approve, {"version_id": proposed.id}, actor=other)
    newer = made(
        world,
        deal,
        template_id="service",
        fields=SERVICE,
        terms=replace(trading.TERMS, number="HT-2"),
    )
    assert newer.template_id == proposed.id != contract.template_id
    assert "新条款" in plain(trading.document(world, newer))
    assert trading.document(world, contract) == before
    shown = world.engine.ask(asking.form_of, deal.purchaser.mall, contract.id)
    assert "contact" in [one.code for one in shown]


@pytest.mark.row("SGN-2")
def test_an_upload_that_differs_is_kept_only_once_confirmed(world, deal):
    upload = written(link)
    with worlds.unchanged(world), pytest.raises(drafting.ConfirmFirst):
        made(world, deal, upload=upload)
    shown = preview(world, deal, upload=upload)
    assert [one.code for one in shown.findings] == ["links", "fonts"]
    assert shown.needs_confirming
    contract = made(world, deal, upload=upload, confirmed=shown.confirm)
    kept = trading.document(world, contract)
    assert kept == shown.document
    intake.inspect(kept)
    other = written(note)
    with worlds.unchanged(world), pytest.raises(drafting.ConfirmFirst):
        made(
            world,
            deal,
            upload=other,
            confirmed=shown.confirm,
            terms=replace(trading.TERMS, number="HT-2"),
        )


@pytest.mark.row("SGN-2")
def test_a_word_document_becomes_the_pdf_that_is_signed(world, deal):
    body = "<w:p><w:r><w:t>净水设备采购合同</w:t></w:r></w:p><w:p><w:r><w:t>第一条 标的</w:t></w:r></w:p>"
    upload = hostile.word(
        document=(
            '<?xml version="1.0" encoding="UTF-8"?><w:document'
            ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{body}</w:body></w:document>"
        ).encode()
    )
    with worlds.unchanged(world), pytest.raises(drafting.ConfirmFirst):
        made(world, deal, upload=upload)
    shown = preview(world, deal, upload=upload)
    assert [one.code for one in shown.findings] == ["word"]
    contract = made(world, deal, upload=upload, confirmed=shown.confirm)
    assert "净水设备采购合同" in text_of(trading.document(world, contract))
    for party in (deal.purchaser, deal.supplier):
        trading.sign(world, party, contract.id)
    assert trading.verdict(world, trading.document(world, contract)).verdict == "valid"


def picture():
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 30, 40)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.row("SGN-2")
def test_attachments_are_kept_named_in_the_document_and_downloadable(world, deal):
    attached = (
        model.Attached(kind="quotation", name="报价清单.pdf", content=written(lambda pdf: None)),
        model.Attached(kind="other", name="现场照片", content=picture(), remarks="三号库"),
    )
    contract = made(world, deal, attachments=attached)
    rows = world.engine.ask(asking.attachments, deal.supplier.mall, contract.id)
    assert [(one.label.zh, one.name, one.remarks) for one in rows] == [
        ("合同文件", "办公用品采购合同.pdf", ""),
        ("报价清单", "报价清单.pdf", ""),
        ("其他附件", "现场照片", "三号库"),
    ]
    told = plain(trading.document(world, contract))
    for row in rows[1:]:
        assert row.digest_hex in told
    stranger = people.sealed(world, deal.reviewers, number=4, name="哈密瓜果有限公司").mall
    for row in rows:
        content, _ = world.engine.ask(holders.file, deal.supplier.mall, blob_id=row.blob_id)
        assert len(content) == row.size
        with pytest.raises(errors.NotFound):
            world.engine.ask(holders.file, stranger, blob_id=row.blob_id)


@pytest.mark.row("SGN-2")
def test_attachments_of_an_upload_stand_on_a_page_behind_it_that_is_signed(world, deal):
    attached = (
        model.Attached(kind="quotation", name="报价清单.pdf", content=written(lambda pdf: None)),
        model.Attached(kind="other", name="现场照片", content=picture(), remarks="三号库"),
    )
    upload = written(link, pages=2)
    shown = preview(world, deal, upload=upload, attachments=attached)
    contract = made(world, deal, upload=upload, attachments=attached, confirmed=shown.confirm)
    document = trading.document(world, contract)
    assert intake.inspect(document).pages == 3
    rows = world.engine.ask(asking.attachments, deal.supplier.mall, contract.id)
    last = "".join(pypdfium2.PdfDocument(document)[2].get_textpage().get_text_range().split())
    for told in (*(row.digest_hex for row in rows[1:]), "报价清单.pdf", "甲方（盖章）"):
        assert told in last


@pytest.mark.parametrize(
    ("attached", "refusal"),
    [
        (model.Attached(kind="nothing", name="x", content=b"x"), wanted.AttachmentKindUnknown),
        (model.Attached(kind="other", name=" ", content=b"x"), drafting.FieldMissing),
        (model.Attached(kind="other", name="字" * 121, content=b"x"), drafting.TextTooLong),
        (
            model.Attached(kind="other", name="x", content=b"x", remarks="字" * 501),
            drafting.RemarksTooLong,
        ),
        (model.Attached(kind="other", name="x", content=b"MZ\x90"), errors.InvalidInput),
    ],
)
def test_an_attachment_that_may_not_be_is_refused(world, deal, attached, refusal):
    with worlds.unchanged(world), pytest.raises(refusal):
        made(world, deal, attachments=(attached,))


def test_only_so_many_attachments_and_known_currencies_and_places_of_parties(world, deal):
    many = (model.Attached(kind="other", name="x", content=b"x"),) * 11
    with worlds.unchanged(world), pytest.raises(wanted.TooManyAttachments):
        made(world, deal, attachments=many)
    with worlds.unchanged(world), pytest.raises(wanted.CurrencyUnknown):
        made(world, deal, terms=replace(trading.TERMS, currency="贝壳"))
    place = {"party3": (placing.Placing(kind="page", pages="1", x_mm=1, y_mm=1),)}
    with worlds.unchanged(world), pytest.raises(wanted.PlacesOfNobody):
        made(world, deal, placements=place)
    with worlds.unchanged(world), pytest.raises(placing.PagesUnknown):
        made(world, deal, placements={"supplier": (placing.Placing(kind="page", pages="99"),)})
    with worlds.unchanged(world), pytest.raises(wanted.LevelUnknown):
        made(world, deal, level="B-X")


def test_what_is_unusual_is_warned_of_and_taken(world, deal):
    terms = replace(trading.TERMS, effective_date="2026-05-01", total_fen=100)
    assert preview(world, deal, terms=terms).warnings == (
        "effective_before_signing",
        "total_differs",
    )
    contract = made(world, deal, terms=terms)
    assert contract.total_fen == 100
    assert "人民币壹元整" in plain(trading.document(world, contract))
    with world.engine.reader(SYSTEM) as q:
        checks = queries.review_sheet_contract(q, contract.id).checks
    assert [one.ok for one in checks] == [False, False]
    with worlds.unchanged(world), pytest.raises(drafting.TotalInvalid):
        made(world, deal, terms=replace(terms, total_fen=0))


def test_a_contract_in_dollars_says_so(world, deal):
    contract = made(world, deal, terms=replace(trading.TERMS, currency="美元"))
    assert "（小写：$4,959.00）" in plain(trading.document(world, contract))


def test_three_parties_stand_in_the_document_where_their_seals_come(world, deal):
    agent = people.sealed(world, deal.reviewers, number=3, name="乌鲁木齐恒基建材有限公司")
    contract = made(world, deal, parties=(agent.mall.mall_account_id,))
    told = plain(trading.document(world, contract))
    assert "丙方" in told
    assert agent.name in told
    before = trading.document(world, contract)
    for party in (deal.purchaser, agent, deal.supplier):
        trading.sign(world, party, contract.id)
    after = trading.document(world, contract)
    assert trading.verdict(world, after).verdict == "valid"
    pages = intake.inspect(before).pages
    mm = 72 / 25.4
    seals = [
        (44 * mm, (297 - 249) * mm, 86 * mm, (297 - 207) * mm),
        (44 * mm, (297 - 187) * mm, 86 * mm, (297 - 145) * mm),
        (124 * mm, (297 - 187) * mm, 166 * mm, (297 - 145) * mm),
    ]
    assert pixels.compare(before, after, {pages: seals}).differing == ()
    assert pixels.compare(before, after, {}).differing == (pages,)


@pytest.mark.row("SGN-2")
def test_a_form_that_is_not_finished_is_kept_until_it_is_a_contract(world, deal):
    buyer = deal.purchaser.mall
    asked = {"purchase_order_id": deal.purchase_order.id}
    form = {"number": "HT-9", "place": "哈密市张三家"}
    world.engine.perform(actions.save_draft, {**asked, "form": form}, actor=buyer)
    form = {**form, "name": "采购合同"}
    world.engine.perform(actions.save_draft, {**asked, "form": form}, actor=buyer)
    kept = world.engine.ask(asking.draft, buyer, deal.purchase_order.id)
    assert kept.form == form
    assert [one.id for one in world.engine.ask(asking.my_drafts, buyer)] == [kept.id]
    assert not worlds.rows(
        world, "SELECT id FROM contract_draft WHERE CAST(form AS TEXT) LIKE '%张三%'"
    )
    for act in (actions.save_draft, actions.discard_draft):
        more = {"form": form} if act is actions.save_draft else {}
        with worlds.unchanged(world), pytest.raises(drafting.OnlyPurchaser):
            world.engine.perform(act, {**asked, **more}, actor=deal.supplier.mall)
    large = {**asked, "form": {"x": "字" * 2001}}
    with worlds.unchanged(world), pytest.raises(drafts.DraftTooLarge):
        world.engine.perform(actions.save_draft, large, actor=buyer)
    made(world, deal)
    assert world.engine.ask(asking.draft, buyer, deal.purchase_order.id) is None
    world.engine.perform(actions.save_draft, {**asked, "form": form}, actor=buyer)
    world.engine.perform(actions.discard_draft, asked, actor=buyer)
    assert world.engine.ask(asking.my_drafts, buyer) == []
    fold.require(world)


def test_a_contract_keeps_its_number_when_it_is_made_anew(world, deal):
    contract = made(world, deal)
    terms = replace(trading.TERMS, number="ANDERS", payment_terms="款到发货")
    revise = {"contract_id": contract.id, "terms": terms}
    revised = world.engine.perform(actions.revise_contract, revise, actor=deal.purchaser.mall)
    assert revised.number == contract.number
    told = plain(trading.document(world, revised))
    assert contract.number in told
    assert "ANDERS" not in told


@pytest.mark.row("SGN-2")
@pytest.mark.row("SGN-3")
def test_the_form_goes_through_a_door_with_files_places_and_turns(world, deal):
    def ask(question, given):
        checked = arguments.parse(question, given)
        return arguments.to_json(world.engine.ask(question, deal.purchaser.mall, **checked))

    asked = {
        "purchase_order_id": deal.purchase_order.id,
        "terms": asdict(trading.TERMS),
        "upload": base64.b64encode(written(lambda pdf: None, pages=3)).decode(),
        "signing_order": "in_turn",
        "turns": ["supplier", "purchaser"],
        "placements": {
            "supplier": [{"kind": "page", "pages": "1", "x_mm": 20, "y_mm": 70}],
            "purchaser": [
                {"kind": "keyword", "pages": "2", "keyword": "Contract", "x_mm": 30, "y_mm": 30}
            ],
        },
        "attachments": [
            {
                "kind": "other",
                "name": "照片",
                "content": base64.b64encode(picture()).decode(),
                "remarks": "",
            }
        ],
    }
    shown = ask(asking.preview_contract, _but(asked, "signing_order", "turns"))
    assert [one["code"] for one in shown["findings"]] == ["fonts"]
    given_ = arguments.parse(actions.create_contract, {**asked, "confirmed": shown["confirm"]})
    contract = world.engine.perform(actions.create_contract, given_, actor=deal.purchaser.mall)
    rows = ask(asking.attachments, {"contract_id": contract.id})
    assert [one["kind"] for one in rows] == ["contract", "other"]
    before = world.engine.ask(queries.document, SYSTEM, contract.id)
    for party in (deal.supplier, deal.purchaser):
        trading.sign(world, party, contract.id)
    after = world.engine.ask(queries.document, SYSTEM, contract.id)
    assert trading.verdict(world, after).verdict == "valid"
    assert pixels.compare(before, after, {}).differing == (1, 2)


def _but(given, *names):
    return {name: value for name, value in given.items() if name not in names}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"clauses": [{"title": "一", "text": "{nothing}"}]}, "policies.reference_unknown"),
        ({"clauses": [{"title": "一", "text": "\ue000"}]}, "pdf.character_not_drawable"),
        (
            {
                "fields": [
                    {"code": "kind", "label": {"zh": "类", "en": "Kind"}, "kind": "choice"},
                ],
                "clauses": [{"title": "一", "text": "{kind}，{place}"}],
            },
            "policies.choice_missing",
        ),
    ],
)
def test_a_template_that_does_not_fit_together_is_not_proposed(world, change, code):
    lead = worlds.staff(world, Role.LEAD)
    body = world.engine.ask(
        lambda q: codec.load(
            q.policy(wanted.policies.ContractTemplate, "service").model_dump_json()
        ),
        SYSTEM,
    )
    with worlds.unchanged(world), pytest.raises(errors.InvalidInput) as refused:
        world.engine.perform(
            policy_actions.propose,
            {
                "kind": "contract_template",
                "name": "service",
                "body": body | change,
                "effective_at": 0,
            },
            actor=lead,
        )
    assert refused.value.code == code
