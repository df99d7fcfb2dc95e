"""Files that OpenSSL encrypted for a person open on their phone in the browser, for either kind of key."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import expect

from tests.support import phone_certificates as held
from tests.support import worlds
from tests.support.encryption_kinds import set_kind
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

CONTENT = "标书正文\r\n".encode() * 3_000
WRONG = "739164"
DIGEST = ("-keyopt", "ecdh_kdf_md:sha256")
OAEP = ("-keyopt", "rsa_padding_mode:oaep")
WAYS: dict[str, list[tuple[str, ...]]] = {
    "rsa": [
        ("-aes256",),
        ("-aes128", *OAEP),
        ("-aes256", *OAEP, "-keyopt", "rsa_oaep_md:sha256"),
        ("-aes-256-gcm",),
    ],
    "curve": [
        ("-aes256",),
        ("-aes128", *DIGEST),
        ("-aes256", "-keyopt", "ecdh_kdf_md:sha512"),
        ("-aes-128-gcm",),
    ],
}


@pytest.fixture(params=["rsa", "curve"])
def kind(request: pytest.FixtureRequest, served: ServedLine) -> Iterator[str]:
    """The kind of encryption keys that the CA has set."""
    set_kind(served, request.param)
    yield request.param
    set_kind(served, "rsa")


def paired(phone: PhonePage, served: ServedLine, number: int) -> tuple[str, str, bytes, bytes]:
    """A person whose pair is complete: PIN, the signing certificate's id, both certificates (DER)."""
    who = somebody(number)
    order_id = held.own_paid(phone, served, who, at="security")
    made = phone.keys("enrol", order_id=order_id, pin=who.pin)
    served.work()
    phone.keys("activate", certificate_id=made["id"], pin=who.pin)
    served.work()
    phone.open(f"certificates/{made['id']}")
    phone.button("领取加密密钥").click()
    phone.press(who.pin)
    expect(phone.button("打开加密文件")).to_be_visible()
    signing, encryption = phone.ask("issuing.pair", pair_id=made["id"])
    return (
        who.pin,
        made["id"],
        base64.b64decode(signing["der"]),
        base64.b64decode(encryption["der"]),
    )


def sealed(folder: Path, der: bytes, *options: str, form: str = "DER") -> bytes:
    """What OpenSSL makes for a certificate."""
    pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    (folder / "to.pem").write_bytes(pem)
    (folder / "plain").write_bytes(CONTENT)
    subprocess.run(
        [
            *("openssl", "cms", "-encrypt", "-binary", "-outform", form, "-in", "plain"),
            *("-out", "sealed", options[0], "-recip", "to.pem", *options[1:]),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return (folder / "sealed").read_bytes()


def choose(phone: PhonePage, content: bytes) -> None:
    """Choose a file in the sheet that is opened for it."""
    phone.button("打开加密文件").click()
    phone.page.get_by_label("选择文件").set_input_files(
        {"name": "投标文件.txt.p7m", "mimeType": "application/pkcs7-mime", "buffer": content}
    )


@pytest.mark.row("CRT-6")
def test_what_openssl_encrypted_opens_on_the_phone_and_nowhere_else(
    phone: PhonePage, served: ServedLine, kind: str, tmp_path: Path
) -> None:
    pin, signing_id, signing, encryption = paired(phone, served, 211 + (kind == "curve"))
    key = x509.load_der_x509_certificate(encryption).public_key()
    assert isinstance(key, {"rsa": rsa.RSAPublicKey, "curve": ec.EllipticCurvePublicKey}[kind])
    page = phone.page
    for number, options in enumerate(WAYS[kind]):
        form = ("DER", "PEM")[number % 2]
        choose(phone, sealed(tmp_path, encryption, *options, form=form))
        if number == 0:
            phone.press(WRONG)
            expect(page.get_by_text("证书密码错误", exact=False).first).to_be_visible()
        phone.press(pin)
        expect(page.get_by_text(f"共 {len(CONTENT)} 字节", exact=False)).to_be_visible()
        with page.expect_download() as saved:
            phone.button("保存", exact=True).click()
        assert Path(saved.value.path()).read_bytes() == CONTENT
        assert saved.value.suggested_filename == "投标文件.txt"
        phone.open(f"certificates/{signing_id}")
    kinds = worlds.kinds(served.world)
    assert kinds[-1] == "envelope.opened"
    assert kinds.count("pin.wrong") >= 1
    # Nothing of these is sent, and no try at the PIN is spent.
    tries = kinds.count("pin.proved")
    for content, said in (
        (sealed(tmp_path, signing, "-aes256"), "为其他证书加密"),
        (sealed(tmp_path, encryption, "-aes256")[:-9], "已损坏"),
        (sealed(tmp_path, encryption, "-aes192"), "不支持该文件的加密方式"),
        (b"no envelope", "已损坏"),
    ):
        choose(phone, content)
        phone.press(pin)
        expect(page.get_by_text(said, exact=False).first).to_be_visible()
        phone.open(f"certificates/{signing_id}")
    assert worlds.kinds(served.world).count("pin.proved") == tries
