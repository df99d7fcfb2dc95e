"""Tags of answers: 304 for who has it already, 412 for an act on what has changed since (API-1)."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest

from engine.http import addresses, answers
from engine.http.doors import VISITOR
from engine.http.offering import offered
from engine.staffing.model import Role
from tests.support import api_fuzzing, web, worlds

pytestmark = pytest.mark.row("API-1")


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> api_fuzzing.Stage:
    found = api_fuzzing.stage()
    found.app = web.application(found.world, monkeypatch)
    return found


def _bearer(stage: api_fuzzing.Stage) -> dict[str, str]:
    return {"authorization": f"Bearer {stage.people[0].handset.door.token}"}


def test_a_get_is_answered_as_the_post_and_304_while_nothing_changes(
    stage: api_fuzzing.Stage,
) -> None:
    visitor, mine = web.browser(stage.app), _bearer(stage)
    order_id = stage.people[0].order_id
    path = f"/api/v1/ordering/detail?order_id={order_id}"
    got = visitor.get(path, headers=mine)
    posted = visitor.post("/api/v1/ordering/detail", json={"order_id": order_id}, headers=mine)
    assert got.status_code == posted.status_code == 200
    assert (got.content, got.headers["etag"]) == (posted.content, posted.headers["etag"])
    assert got.headers["cache-control"] == "private, no-cache"
    assert posted.headers["cache-control"] == "no-store"
    again = visitor.get(path, headers={**mine, "if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == got.headers["etag"]
    other = visitor.get(path, headers={**mine, "if-none-match": '"1.' + "0" * 32 + '"'})
    assert other.content == got.content


def test_an_answer_that_changes_has_another_tag(stage: api_fuzzing.Stage) -> None:
    visitor, mine = web.browser(stage.app), _bearer(stage)
    path = "/api/v1/messaging/mine"
    first = visitor.get(path, headers=mine)
    message_id = next(one["id"] for one in first.json()["items"] if one["read_at"] is None)
    visitor.post("/api/v1/messaging/read", json={"message_id": message_id}, headers=mine)
    later = visitor.get(path, headers={**mine, "if-none-match": first.headers["etag"]})
    assert later.status_code == 200
    assert later.headers["etag"] != first.headers["etag"]


def test_an_act_on_what_has_changed_is_refused_and_changes_nothing(
    stage: api_fuzzing.Stage,
) -> None:
    visitor, mine = web.browser(stage.app), _bearer(stage)
    certificate_id = stage.people[0].certificate_id
    seen = visitor.get(
        f"/api/v1/issuing/certificate?certificate_id={certificate_id}", headers=mine
    ).headers["etag"]
    given = {"certificate_id": certificate_id}
    held = {**mine, "if-match": seen, "idempotency-key": "hold-it-once"}
    with_proof = visitor.post("/api/v1/issuing/suspend", json=given, headers=held)
    assert with_proof.status_code == 200, with_proof.text
    # A repetition is the act of before, whatever happened since; another act has to look again.
    again = visitor.post("/api/v1/issuing/suspend", json=given, headers=held)
    assert (again.content, again.headers["idempotent-replayed"]) == (with_proof.content, "true")
    with worlds.unchanged(stage.world, without=("handset_session",)):
        refused = visitor.post(
            "/api/v1/issuing/resume", json=given, headers={**mine, "if-match": seen}
        )
    assert (refused.status_code, refused.json()["code"]) == (412, "http.changed")
    now = visitor.get(
        f"/api/v1/issuing/certificate?certificate_id={certificate_id}", headers=mine
    ).headers["etag"]
    # By what is the case now it is the act itself that answers.
    tried = visitor.post("/api/v1/issuing/resume", json=given, headers={**mine, "if-match": now})
    assert tried.json()["code"] == "issuing.name_not_proved_anew"


@pytest.mark.parametrize(
    ("path", "given", "tag", "code"),
    [
        ("messaging/read-all", {}, '"1.' + "0" * 32 + '"', "http.no_record_here"),
        ("ordering/cancel", {"order_id": "x"}, '"1.' + "0" * 32 + '"', "http.no_record_here"),
        ("messaging/read-all", {}, '"abc"', "http.tag_invalid"),
        ("messaging/read-all", {}, "*", "http.tag_invalid"),
    ],
)
def test_a_condition_that_means_nothing_is_refused(
    stage: api_fuzzing.Stage, path: str, given: dict[str, Any], tag: str, code: str
) -> None:
    visitor = web.browser(stage.app)
    headers = {**_bearer(stage), "if-match": tag}
    answer = visitor.post(f"/api/v1/{path}", json=given, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_number_of_a_record_grows_with_every_event_that_writes_its_row() -> None:
    """What an If-Match is held against misses no change of the row, in a world that has lived."""
    world = api_fuzzing.stage().world
    kept = {
        *("certificate_order", "certificate", "seal", "seal_application", "contract", "invoice"),
        *("review_case", "enterprise", "enterprise_claim", "account", "service_order", "binding"),
        *("purchase_order", "shipment", "membership", "message", "ticket", "delivery_address"),
    }
    written: dict[str, int] = {}
    for row in worlds.rows(world, "SELECT seq, operation, body FROM event ORDER BY seq"):
        for table, row_id, _ in json.loads(row["body"])["rows"]:
            if table in kept:
                written[row_id] = row["seq"]
    assert len(written) > 40
    with world.engine.reader(VISITOR) as q:
        # The fact that names a record may stand beside the one that carries its row.
        late = {
            row_id
            for row_id, seq in written.items()
            if answers.newest(q, row_id) < seq - 3 or answers.newest(q, row_id) == 0
        }
    assert late == set()


def test_nothing_of_a_person_can_stand_in_an_address() -> None:
    personal = {
        *("phone", "name", "code", "password", "token", "nonce", "text", "uscc", "bank_card"),
        *("resident_id", "qr_text", "face", "legal_representative", "number"),
    }
    by_get = [route for route in offered() if addresses.by_get(route)]
    assert len(by_get) > 100
    for route in by_get:
        assert not route.changes
        taken = set(inspect.signature(route.function).parameters)
        assert not taken & personal, route.name


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("order_id=a&order_id=b", "http.given_twice"),
        ("order_id=a&x=1", "http.argument_invalid"),
        ("", "http.argument_invalid"),
        ("order_id=%00", "http.argument_invalid"),
    ],
)
def test_an_address_is_read_as_strictly_as_a_body(
    stage: api_fuzzing.Stage, query: str, code: str
) -> None:
    answer = web.browser(stage.app).get(f"/api/v1/ordering/detail?{query}", headers=_bearer(stage))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_staff_ask_by_get_from_our_own_page_alone(stage: api_fuzzing.Stage) -> None:
    worlds.staff(stage.world, Role.LEAD, login="lead")
    visitor = web.browser(stage.app)
    web.sign_in(visitor, "lead", worlds.PASSWORD)
    path = "/api/v1/reviewing/board"
    for site, status in (("same-origin", 200), ("cross-site", 401), ("none", 401)):
        assert visitor.get(path, headers={"sec-fetch-site": site}).status_code == status
    assert visitor.get(path).status_code == 401
