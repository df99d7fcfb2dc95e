"""A certificate in the console: found by its serial, held, resumed, revoked by staff of the CA (CRT-3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.staffing.model import Role
from tests.support import pairing, worlds


def page_of(world: World, console: Callable[[str], AppTest], found: pairing.Paired) -> AppTest:
    """The search's page with a certificate found by its serial number."""
    app = console("search")
    app.text_input[0].set_value(pairing.certificate(world, found.signing).serial_hex).run()
    assert not app.exception
    return app


def keys_of(app: AppTest) -> set[str]:
    """The buttons on the page."""
    return {str(one.key) for one in app.button}


@pytest.mark.row("CRT-3")
@pytest.mark.row("OPS-1")
def test_staff_hold_and_resume_a_pair_that_they_found(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    found = pairing.complete(console_world, scheme="seeded_ec")
    sign_in(Role.AGENCY_REVIEWER)
    app = page_of(console_world, console, found)
    shown = "\n".join(table.value.to_csv() for table in app.dataframe)
    for one in (found.signing, found.encryption):
        assert pairing.certificate(console_world, one).serial_hex in shown
    # What would stop is told before the button that does it is there.
    assert {"hold-certificate-look", "revoke-certificate-look"} <= keys_of(app)
    assert not {"hold-certificate", "revoke-certificate"} & keys_of(app)
    app.button(key="hold-certificate-look").click().run()
    assert any("works" not in str(one.value) and str(one.value) for one in app.markdown)
    app.button(key="hold-certificate").click().run()
    if "step-up-click" in keys_of(app):
        app.button(key="step-up-click").click().run()
    assert not app.exception
    assert pairing.certificate(console_world, found.encryption).status == "suspended"
    app.run()
    app.button(key="resume-certificate").click().run()
    assert not app.exception
    assert pairing.certificate(console_world, found.signing).status == "active"
    facts = worlds.kinds(console_world)
    assert {"certificate.suspended", "certificate.resumed"} <= set(facts)


@pytest.mark.row("CRT-3")
def test_who_only_looks_up_sees_the_pair_and_can_do_nothing(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    found = pairing.complete(console_world, scheme="seeded_ec")
    sign_in(Role.FINANCE)
    app = page_of(console_world, console, found)
    assert not any("-certificate" in key for key in keys_of(app))


@pytest.mark.row("PKI-2")
def test_an_enterprise_s_certificates_can_be_had_as_files(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    found = pairing.complete(console_world, scheme="seeded_ec")
    sign_in(Role.AUDITOR)
    app = page_of(console_world, console, found)
    files = [one for one in app.get("download_button") if "PEM" in one.proto.label]
    assert len(files) == 2
    [name] = {
        pairing.certificate(console_world, one).enterprise_id
        for one in (found.signing, found.encryption)
    }
    assert name is not None
