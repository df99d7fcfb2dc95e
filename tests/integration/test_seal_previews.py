"""What is shown of seals before they are one, or so that nobody copies them; the stamp of a demo."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import pytest
from PIL import Image

from engine.boot import World
from engine.http import arguments, phone_papers, routes
from engine.kernel import actors, errors
from engine.sealing import actions, previews, queries
from engine.ses import impressions, watermarks
from simulations import papers, stamped
from tests.support import parties, registering, worlds


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    return parties.sealed(world, reviewers)


def _form(world, party):
    given = {"enterprise_id": party.enterprise_id, "kind": "contract", "name": "合同专用章"}
    return world.engine.ask(queries.application_form, party.person, **given)


def _company_seal(world, party):
    found = world.engine.ask(queries.of_enterprise, party.person, party.enterprise_id)
    return next(one for one in found if one.kind == "company")


def _size(png):
    with Image.open(io.BytesIO(png)) as opened:
        return opened.size, opened.mode


@pytest.mark.row("SEA-4")
def test_a_preview_is_marked_opaque_and_coarse(world, party):
    seal = _company_seal(world, party)
    shown = world.engine.ask(previews.preview, party.person, seal_id=seal.id)
    (wide, high), mode = _size(shown)
    assert max(wide, high) <= 560
    assert mode == "P"
    assert world.engine.ask(lambda q: q.blob(seal.png_blob_id), worlds.SYSTEM) != shown
    # The words lie over the seal too: hardly a large piece of it is as it was.
    marked = Image.open(io.BytesIO(shown)).convert("RGB")
    colours = {marked.getpixel((x, y)) for x in range(0, wide, 3) for y in range(0, high, 3)}
    assert (255, 255, 255) in colours
    assert len(colours) > 6


@pytest.mark.row("SEA-4")
def test_a_stranger_sees_no_preview(world, party):
    stranger = registering.sign_up(world, "13900139000")
    seal = _company_seal(world, party)
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.ask(previews.preview, stranger, seal_id=seal.id)


@pytest.mark.row("SEA-1")
def test_what_would_be_cut_out_is_measured_and_nothing_is_kept(world, party):
    scan = stamped.stamped(_form(world, party), "新疆天山净水科技有限公司", "合同专用章", 3.0)
    given = {"enterprise_id": party.enterprise_id, "form": scan}
    with worlds.unchanged(world):
        found = world.engine.ask(previews.preview_impression, party.person, **given)
    assert abs(found.width_um - 38_000) < 1_000
    assert abs(found.skew_centidegrees - 300) < 150
    assert found.in_place
    assert _size(found.png)[1] in ("RGBA", "LA", "P")
    blank = {**given, "form": papers.form("印章申请书", "nothing stamped")}
    with worlds.unchanged(world), pytest.raises(impressions.FormNotSeen):
        world.engine.ask(previews.preview_impression, party.person, **blank)
    stranger = registering.sign_up(world, "13900139000")
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.ask(previews.preview_impression, stranger, **given)


@pytest.mark.row("SEA-1")
@pytest.mark.parametrize("picture", ["impression", "drawn"])
def test_the_desk_sees_the_seal_as_it_will_look(world, party, picture):
    scan = stamped.stamped(_form(world, party), "新疆天山净水科技有限公司", "合同专用章", 0.0)
    asked = world.engine.perform(
        actions.apply_for_seal,
        {
            "enterprise_id": party.enterprise_id,
            "kind": "contract",
            "name": "合同专用章",
            "form": scan,
            "picture": picture,
        },
        actor=party.person,
    )
    look = world.engine.ask(previews.as_it_will_look, party.reviewers.seal, application_id=asked.id)
    assert look is not None
    (wide, high), _ = _size(look)
    assert wide == pytest.approx(high, abs=12)


@pytest.mark.row("SEA-1")
@pytest.mark.parametrize("kind", ["contract", "finance", "invoice", "personnel"])
def test_a_demo_stamps_the_form_of_every_kind_so_that_it_is_read(world, party, kind):
    found = base64.b64decode(
        phone_papers.stamped_form(
            Asking(world, party.person), enterprise_id=party.enterprise_id, kind=kind, name="示例章"
        )
    )
    seen = impressions.extract(found)
    rule = next(
        one
        for one in world.engine.ask(queries.kinds, party.person, party.enterprise_id)
        if one.kind == kind
    )
    width = float(rule.sizes_mm[0].partition("x")[0])
    assert seen.stamp_mm[0] == pytest.approx(width, abs=1)
    assert seen.in_place


@dataclass
class Asking:
    """A door through which one person asks, as the JSON API would answer."""

    world: World
    person: actors.Person

    def ask(self, name, given):
        """The answer as JSON values."""
        function = routes.BY_NAME[name].function
        told = self.world.engine.ask(function, self.person, **arguments.parse(function, given))
        return arguments.to_json(told)


def test_the_same_picture_is_marked_once(world):
    picture = io.BytesIO()
    Image.new("RGBA", (60, 60), (200, 0, 0, 255)).save(picture, "PNG")
    first = watermarks.marked(picture.getvalue(), "预览")
    assert watermarks.marked(picture.getvalue(), "预览") is first
