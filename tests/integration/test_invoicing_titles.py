"""Titles: kept, changed, made the default, deleted several at once; the enterprise's own (INV-3)."""

from __future__ import annotations

import pytest

from engine.invoicing import actions, queries
from engine.kernel import clock, database, errors, identifiers
from engine.pdf import fonts
from engine.policies import model as policies
from tests.support import closing, fold, invoicing, malls, parties, registering, worlds

COMPANY = {
    "kind": "company",
    "name": "印信测试有限公司",
    "code": invoicing.OTHER_CODE,
    "address": "乌鲁木齐市天山区模拟路 2 号",
    "phone": "0991-7654321",
    "bank": "模拟银行乌鲁木齐分行",
    "bank_account": "6500 0000 0000 0001",
    "email": "caiwu@example.cn",
}


@pytest.fixture
def party(any_world):
    return parties.enterprise(any_world, parties.Reviewers.of(any_world))


def add(world, party, **changes):
    return invoicing.do(world, actions.add_title, party.person, **{**COMPANY, **changes})


def names(world, party):
    return [one.name for one in world.engine.ask(queries.titles, party.person)]


@pytest.mark.row("INV-3")
@pytest.mark.guide("G-titles-2", "G-titles-4", "G-titles-5")
def test_a_title_is_kept_at_any_time_and_stands_in_the_list(any_world, party):
    door = invoicing.door(any_world, party)
    [own] = door.ask("invoicing.titles", {})
    assert (own["name"], own["own"], own["id"]) == (party.name, True, party.enterprise_id)
    company = door.perform("invoicing.add_title", COMPANY, key="first-one")
    worlds.clock_of(any_world).advance(clock.MINUTE)
    personal = {"kind": "personal", "name": "古丽努尔·买买提"}
    person = door.perform("invoicing.add_title", personal, key="other-one")
    assert [one["id"] for one in door.ask("invoicing.titles", {})] == [
        party.enterprise_id,
        person["id"],
        company["id"],
    ]
    assert (company["bank_account"], company["code"]) == (
        "6500000000000001",
        invoicing.OTHER_CODE,
    )
    assert [fact.subject for fact in malls.facts(any_world, "title.added")] == [
        company["id"],
        person["id"],
    ]
    assert worlds.rows(any_world, "SELECT id FROM invoice") == []
    fold.require(any_world)


@pytest.mark.row("INV-3")
@pytest.mark.row("SEC-1")
def test_nothing_of_a_title_is_readable_at_rest_or_for_anybody_else(any_world, party):
    kept = add(any_world, party)
    stored = worlds.rows(any_world, "SELECT * FROM invoice_title")[0]
    told = str(worlds.rows(any_world, "SELECT body FROM event WHERE kind = 'title.added'"))
    for text in ("印信测试", "0991", "6500000000000001", "caiwu"):
        assert text.encode() not in bytes(stored["details"])
        assert text not in told
    other = parties.enterprise(
        any_world, party.reviewers, number=2, name="乌鲁木齐恒基建材有限公司"
    )
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        invoicing.do(any_world, actions.change_title, other.person, title_id=kept.id, name="别人")
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        invoicing.do(any_world, actions.delete_titles, other.person, title_ids=(kept.id,))
    assert names(any_world, other) == [other.name]


@pytest.mark.row("INV-3")
@pytest.mark.guide("G-titles-7")
def test_one_title_at_most_is_the_default_by_its_switch(any_world, party):
    door = invoicing.door(any_world, party)
    first = add(any_world, party, is_default=True)
    second = add(any_world, party, kind="personal", name="李娜", code="", is_default=True)

    def defaults():
        return [one["id"] for one in door.ask("invoicing.titles", {}) if one["is_default"]]

    assert defaults() == [second.id]
    switch = {"title_id": first.id, "is_default": True}
    door.perform("invoicing.change_title", switch, key="switch-on")
    assert defaults() == [first.id]
    # The enterprise's own can be the default too, and then no other one is.
    own = {"title_id": party.enterprise_id, "is_default": True}
    door.perform("invoicing.change_title", own, key="switch-own")
    assert defaults() == [party.enterprise_id]
    off = {"title_id": party.enterprise_id, "is_default": False}
    door.perform("invoicing.change_title", off, key="switch-off")
    assert defaults() == []
    assert malls.facts(any_world, "title.changed")
    fold.require(any_world)


@pytest.mark.row("INV-3")
def test_the_database_itself_refuses_a_second_default(any_world, party):
    add(any_world, party, is_default=True)
    other = add(any_world, party, kind="personal", name="李娜", code="")
    sql = "UPDATE invoice_title SET is_default = 1 WHERE id = ?"
    with pytest.raises(database.UniqueViolated):
        worlds.run_sql(any_world, sql, other.id)


@pytest.mark.row("INV-3")
def test_many_phones_that_set_a_default_at_once_leave_one(any_world, party):
    kept = [add(any_world, party, kind="personal", name=f"某人{n}", code="").id for n in range(6)]

    def switch(number: int) -> None:
        given = {"title_id": kept[number % 6], "is_default": True}
        any_world.engine.perform(actions.change_title, given, actor=party.person)

    came = invoicing.at_once(any_world, 24, switch)
    assert came["done"] == 24
    found = any_world.engine.ask(queries.titles, party.person)
    assert sum(one.is_default for one in found) == 1
    fold.require(any_world)


@pytest.mark.row("INV-3")
@pytest.mark.guide("G-titles-6")
def test_several_titles_are_deleted_at_once_and_the_own_one_never(any_world, party):
    door = invoicing.door(any_world, party)
    first, second = (
        add(any_world, party),
        add(any_world, party, kind="personal", name="李娜", code=""),
    )
    chosen = {"title_ids": [first.id, party.enterprise_id]}
    with worlds.unchanged(any_world), pytest.raises(actions.OwnTitleStays) as told:
        door.perform("invoicing.delete_titles", chosen, key="with-own-one")
    assert told.value.params["name"] == party.name
    both = {"title_ids": [first.id, second.id, first.id]}
    assert door.perform("invoicing.delete_titles", both, key="both-of-them") == 2
    assert names(any_world, party) == [party.name]
    assert [fact.subject for fact in malls.facts(any_world, "title.deleted")] == [
        first.id,
        second.id,
    ]
    fold.require(any_world)


@pytest.mark.row("INV-3")
def test_all_of_the_ticked_titles_are_deleted_or_none(any_world, party):
    kept = add(any_world, party)
    chosen = (kept.id, "ttl_unknown")
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        invoicing.do(any_world, actions.delete_titles, party.person, title_ids=chosen)
    with worlds.unchanged(any_world), pytest.raises(actions.TitlesMissing):
        invoicing.do(any_world, actions.delete_titles, party.person, title_ids=())


@pytest.mark.row("INV-3")
def test_the_enterprises_own_title_takes_a_bank_and_keeps_its_name(any_world, party):
    given = {"title_id": party.enterprise_id, "bank": "模拟银行", "bank_account": "650000000001"}
    changed = invoicing.do(any_world, actions.change_title, party.person, **given)
    assert (changed.name, changed.bank, changed.own) == (party.name, "模拟银行", True)
    again = invoicing.do(
        any_world, actions.change_title, party.person, title_id=party.enterprise_id, phone="0991-1"
    )
    assert (again.bank, again.phone) == ("模拟银行", "0991-1")
    for wrong in (
        {"name": "别的公司"},
        {"code": invoicing.OTHER_CODE},
        {"kind": "personal", "code": ""},
    ):
        wanted = {"title_id": party.enterprise_id, **wrong}
        with worlds.unchanged(any_world), pytest.raises(actions.OwnTitleFixed):
            invoicing.do(any_world, actions.change_title, party.person, **wanted)
    fold.require(any_world)


@pytest.mark.row("INV-3")
@pytest.mark.parametrize(
    ("changes", "refused", "field"),
    [
        ({"kind": "club"}, actions.TitleKindUnknown, "kind"),
        ({"name": "  "}, actions.TitleNameMissing, "name"),
        ({"name": "长" * 101}, actions.TitleTextTooLong, "name"),
        ({"address": "长" * 201}, actions.TitleTextTooLong, "address"),
        ({"code": ""}, actions.TitleCodeMissing, "code"),
        ({"code": "91650100MA77TE5T10"}, identifiers.CreditCodeInvalid, "uscc"),
        ({"phone": "不是号码"}, actions.TitlePhoneInvalid, "phone"),
        ({"bank_account": "12"}, actions.TitleAccountInvalid, "bank_account"),
        ({"email": "not an address"}, actions.EmailInvalid, "email"),
        ({"name": "\U0001f600公司"}, fonts.CharacterNotDrawable, None),
        ({"kind": "personal", "code": "65010219800315"}, identifiers.ResidentIdInvalid, None),
    ],
)
def test_what_cannot_stand_on_an_invoice_is_refused_at_its_field(world, changes, refused, field):
    party = parties.enterprise(world, parties.Reviewers.of(world))
    with worlds.unchanged(world), pytest.raises(refused) as told:
        add(world, party, **changes)
    assert field is None or told.value.field == field


@pytest.mark.row("INV-3")
def test_the_same_title_is_kept_once_and_only_so_many(world):
    party = parties.enterprise(world, parties.Reviewers.of(world))
    add(world, party)
    with worlds.unchanged(world), pytest.raises(actions.TitleExists):
        add(world, party)
    with worlds.unchanged(world), pytest.raises(actions.TitleExists):
        add(world, party, name=party.name, code=registering.credit_code())
    for n in range(policies.InvoiceRules().titles_most - 1):
        add(world, party, kind="personal", name=f"某人{n}", code="")
    with worlds.unchanged(world), pytest.raises(actions.TooManyTitles):
        add(world, party, kind="personal", name="再一个", code="")


@pytest.mark.row("INV-3")
def test_a_changed_title_keeps_what_was_not_given(world):
    party = parties.enterprise(world, parties.Reviewers.of(world))
    kept, other = add(world, party), add(world, party, kind="personal", name="李娜", code="")
    changed = invoicing.do(
        world, actions.change_title, party.person, title_id=kept.id, address="新地址 1 号"
    )
    assert (changed.address, changed.phone, changed.code) == (
        "新地址 1 号",
        COMPANY["phone"],
        COMPANY["code"],
    )
    given = {"title_id": kept.id, "kind": "personal", "name": "李娜", "code": ""}
    with worlds.unchanged(world), pytest.raises(actions.TitleExists):
        invoicing.do(world, actions.change_title, party.person, **given)
    assert other.id in {one.id for one in world.engine.ask(queries.titles, party.person)}


@pytest.mark.row("INV-3")
def test_titles_are_a_persons_own(world):
    party = parties.enterprise(world, parties.Reviewers.of(world))
    for actor in (party.mall, party.reviewers.platform, worlds.SYSTEM):
        with pytest.raises(errors.NotPermitted):
            world.engine.ask(queries.titles, actor)


@pytest.mark.row("INV-3")
@pytest.mark.row("ACC-7")
def test_titles_go_with_the_account(world):
    someone = registering.sign_up(world, "13800138555")
    given = {"kind": "personal", "name": "李娜"}
    world.engine.perform(actions.add_title, given, actor=someone)
    closing.cancel(world, someone, closing.officers(world)[0])
    assert worlds.rows(world, "SELECT id FROM invoice_title") == []
    assert len(malls.facts(world, "title.deleted")) == 1
    fold.require(world)
