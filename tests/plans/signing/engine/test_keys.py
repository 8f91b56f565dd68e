"""Keys in PKCS#12 files and in a token; the settings that name them."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from pkcs11 import Attribute
from pkcs11.util.x509 import decode_x509_certificate

from plans.signing import config, keyring
from plans.signing.checks import check_signing
from plans.signing.demo_pki import make_demo_keys
from plans.signing.fields import PARTIES, SEAL
from plans.signing.keys import BadKey, Key, Token, from_pkcs11, from_pkcs12
from plans.signing.trust import roots, trust
from tests.plans.signing.engine import authority as names
from tests.plans.signing.engine.authority import Authority
from tests.plans.signing.engine.conftest import Papers, signed

pytestmark = pytest.mark.usefixtures("english")

PIN, TOKEN = "1234", "lupplan"
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/*/softhsm/libsofthsm2.so")


def test_a_file_with_a_password(authority: Authority) -> None:
    data = authority.pkcs12(names.COUNTY, "løyndom")
    key = from_pkcs12(data, "løyndom".encode())
    assert key.organisation == "Fylke fylkeskommune"
    for wrong in (b"feil", None):
        with pytest.raises(BadKey, match="can't be opened"):
            from_pkcs12(data, wrong)


def test_a_file_that_is_none() -> None:
    with pytest.raises(BadKey, match="can't be opened"):
        from_pkcs12(b"garbage", None)


def test_a_file_without_a_key(authority: Authority) -> None:
    _key, certificate, _more = pkcs12.load_key_and_certificates(
        authority.pkcs12(names.COUNTY), None
    )
    data = pkcs12.serialize_key_and_certificates(b"x", None, certificate, None, NoEncryption())
    with pytest.raises(BadKey, match="no key with a certificate"):
        from_pkcs12(data, None)


# --- The settings -----------------------------------------------------------------------------


@pytest.fixture
def keys(authority: Authority, settings: Any, tmp_path: Path) -> Path:
    """A TOML file that the settings name, and beside it the county's key, with a password."""
    (tmp_path / "county.p12").write_bytes(authority.pkcs12(names.COUNTY, "løyndom"))
    settings.SIGNING_KEYS = str(tmp_path / "keys.toml")
    settings.SIGNING_TRUST_ROOTS = str(authority.root)
    return tmp_path / "keys.toml"


def test_a_toml_file_names_files_and_passwords(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.write_text('[fylke-60]\npkcs12 = "county.p12"\npassword_env = "COUNTY_PASSWORD"\n')
    with pytest.raises(BadKey, match="COUNTY_PASSWORD isn't set"):
        keyring.county_key("60")
    monkeypatch.setenv("COUNTY_PASSWORD", "løyndom")
    assert keyring.county_key("60").organisation == "Fylke fylkeskommune"
    monkeypatch.setenv("COUNTY_PASSWORD", "feil")
    with pytest.raises(BadKey, match="county.p12: .*can't be opened"):
        keyring.county_key("60")
    with pytest.raises(BadKey, match="no key for 'lup'"):
        keyring.lup_key()
    assert not keyring.is_demo()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lup", "keys.toml: "),
        ("lup = 1", r"keys.toml, \[lup\]: this must be a table"),
        ("[lup]", r"keys.toml, \[lup\]: either pkcs12 or pkcs11"),
        ('[lup]\npkcs12 = "a"\npkcs11 = "b"', "either pkcs12 or pkcs11"),
        ('[lup]\npkcs12 = "a"\npassword = "x"', "what is 'password'"),
        ("[lup]\npkcs12 = 1", "pkcs12 must be a text"),
        ('[lup]\npkcs11 = "a"\ntoken = "b"', "takes token, label and pin_env"),
        ('[lup]\npkcs12 = "a"\norganisation_number = "12"', "must be nine digits"),
        ('[lup]\npkcs12 = "gone.p12"', "gone.p12: No such file"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(keys: Path, text: str, said: str) -> None:
    keys.write_text(text)
    with pytest.raises(BadKey, match=said):
        keyring.lup_key()
    assert any(message.is_serious() for message in check_signing())


def test_a_file_that_is_not_there(keys: Path) -> None:
    with pytest.raises(BadKey, match="keys.toml: No such file"):
        keyring.seal_key()


def test_a_folder_that_is_not_there(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS = str(tmp_path / "none")
    with pytest.raises(BadKey, match="no key for 'segl'"):
        keyring.seal_key()
    assert [message.id for message in check_signing()] == ["plans.I001"]


def test_the_check_before_service(keys: Path, settings: Any, authority: Authority) -> None:
    (keys.parent / "seal.p12").write_bytes(authority.pkcs12(names.SEAL))
    (keys.parent / "old.p12").write_bytes(authority.pkcs12(names.EXPIRED))
    keys.write_text('[segl]\npkcs12 = "seal.p12"\n')
    assert check_signing() == []
    keys.write_text('[segl]\npkcs12 = "old.p12"\n')
    assert [message.id for message in check_signing()] == ["plans.E003"]
    keys.write_text('[segl]\npkcs12 = "seal.p12"\n')
    settings.SIGNING_TRUST_ROOTS = ""
    settings.SIGNING_SERVICE_URL = "http://sign.example"
    assert [message.id for message in check_signing()] == ["plans.E002", "plans.W002"]


def test_the_demo_s_keys_are_told_apart(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS = str(tmp_path)
    make_demo_keys(tmp_path, {"segl": "Lupplan (demo)"})
    settings.DEMO = False
    assert keyring.is_demo()
    assert [message.id for message in check_signing()] == ["plans.W001"]
    assert [root.subject.native["common_name"] for root in roots()] == ["Demo: rotsertifikat"]
    found = trust(county_number="60", county="Fylke fylkeskommune", programme="LUP")
    assert found.demo_roots == found.roots


# --- Whom to believe ----------------------------------------------------------------------------


def test_the_parties_go_by_their_names_or_by_what_is_configured(
    keys: Path, authority: Authority
) -> None:
    (keys.parent / "seal.p12").write_bytes(authority.pkcs12(names.SEAL))
    keys.write_text(
        '[segl]\npkcs12 = "seal.p12"\n'
        '[fylke-60]\npkcs12 = "county.p12"\norganisation_number = "123456789"\n'
    )
    found = trust(county_number="60", county="Fylke fylkeskommune", programme="LUP")
    assert dict(found.organisations) == {
        SEAL: "Testmynde",
        PARTIES[0]: "123456789",
        PARTIES[1]: "LUP",
    }
    assert [root.dump() for root in found.roots] == [authority.certificate("root").dump()]
    assert found.demo_roots == ()


def test_roots_may_lie_in_a_folder(authority: Authority, settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_TRUST_ROOTS = str(tmp_path)
    with pytest.raises(BadKey, match="no certificates in it"):
        roots()
    (tmp_path / "one.pem").write_bytes(authority.root.read_bytes())
    (tmp_path / "README").write_text("not a certificate")
    assert len(roots()) == 1
    (tmp_path / "two.pem").write_text("garbage")
    with pytest.raises(BadKey, match="no certificates can be read"):
        roots()
    settings.SIGNING_TRUST_ROOTS = str(tmp_path / "none.pem")
    with pytest.raises(BadKey, match="no certificates can be read"):
        roots()


# --- Tokens -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def module(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PKCS#11 module with a token that holds the keys of the county (EC) and ``rsa``."""
    found = [str(path) for pattern in MODULES for path in Path("/").glob(pattern[1:])]
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    _run("--init-token", "--free", "--label", TOKEN, "--so-pin", "0000", "--pin", PIN)
    for place, name in enumerate((names.COUNTY, names.RSA), 1):
        key, certificate, _more = pkcs12.load_key_and_certificates(authority.pkcs12(name), None)
        assert key is not None
        assert certificate is not None
        pem = folder / f"{name}.pem"
        pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        _run(
            "--import", str(pem), "--token", TOKEN, "--pin", PIN, "--label", name,
            "--id", f"0{place}",
        )  # fmt: skip
        _put_certificate(found[0], certificate.public_bytes(Encoding.DER), name, place)
    return found[0]


def _put_certificate(module: str, der: bytes, name: str, place: int) -> None:
    about = {
        **decode_x509_certificate(der),
        Attribute.TOKEN: True,
        Attribute.LABEL: name,
        Attribute.ID: bytes([place]),
    }
    token = pkcs11.lib(module).get_token(token_label=TOKEN)
    with token.open(user_pin=PIN, rw=True) as session:
        session.create_object(about)


def _run(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def _in_token(module: str, name: str, pin: str = PIN) -> Key:
    return from_pkcs11(Token(module, TOKEN, name, pin))


@pytest.mark.parametrize("name", [names.COUNTY, names.RSA])
def test_a_key_in_a_token_signs(module: str, papers: Papers, name: str) -> None:
    key = _in_token(module, name)
    pdf = signed(papers.sealed, key)
    assert pdf.startswith(papers.sealed)
    assert signed(pdf, key, place=1).startswith(pdf)  # logged out, and in again


def test_what_is_wrong_with_a_token_is_said(module: str) -> None:
    with pytest.raises(BadKey, match="'rsa' of 'lupplan': PinIncorrect") as caught:
        _in_token(module, names.RSA, "9999")
    assert "9999" not in str(caught.value)
    with pytest.raises(BadKey, match="'none' of 'lupplan'"):
        _in_token(module, "none")
    with pytest.raises(BadKey, match="'rsa' of 'none'"):
        from_pkcs11(Token(module, "none", names.RSA, PIN))
    with pytest.raises(BadKey, match="'rsa' of 'lupplan'"):
        from_pkcs11(Token("/none.so", TOKEN, names.RSA, PIN))
    assert PIN not in repr(Token(module, TOKEN, names.RSA, PIN))


def test_a_toml_file_names_a_token(
    module: str, keys: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    keys.write_text(
        f'[lup]\npkcs11 = "{module}"\ntoken = "{TOKEN}"\nlabel = "rsa"\npin_env = "LUP_PIN"\n'
        f'chain = "{authority.root}"\n'
    )
    monkeypatch.setenv("LUP_PIN", PIN)
    key = keyring.lup_key()
    assert key.organisation == "Testmynde"
    assert config.holder("lup").pkcs12 is None


def test_the_certificate_may_lie_in_a_file(
    module: str, keys: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    (keys.parent / "lup.der").write_bytes(authority.certificate(names.COUNTY).dump())
    keys.write_text(
        f'[lup]\npkcs11 = "{module}"\ntoken = "{TOKEN}"\nlabel = "county"\npin_env = "LUP_PIN"\n'
        'certificate = "lup.der"\n'
    )
    monkeypatch.setenv("LUP_PIN", PIN)
    assert keyring.lup_key().organisation == "Fylke fylkeskommune"
