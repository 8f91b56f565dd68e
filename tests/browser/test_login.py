"""Log-in in Chromium: a code from an app, a passkey, another service, a session that ended."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from accounts.models import User
from municipalities.models import Municipality
from plans.models import PartnerPlan
from tests.accounts import real_openid
from tests.accounts.openid import Service, details, set_up
from tests.accounts.test_second_factor import code_of
from tests.browser.watchdog import Watchdog

EDITOR = "fylkesredaktor@demo.example"
PASSWORD = "partnarplan-demo"
AT_WORK = re.compile(r"^http://[^/]+/arbeid/$")
TITLE = "/arbeid/more-og-romsdal/2022/tittel/"


def submit(page: Page) -> None:
    page.locator("main form button").first.click()


def log_in(page: Page, where: str = "/arbeid/") -> None:
    page.goto(f"/konto/login/?next={where}")
    page.locator("#id_login").fill(EDITOR)
    page.locator("#id_password").fill(PASSWORD)
    submit(page)


def confirm(page: Page) -> None:
    page.locator("#id_password").fill(PASSWORD)
    submit(page)


def test_a_code_from_an_app_without_javascript(
    no_js: BrowserContext, axe: Callable[[Page], None]
) -> None:
    page = no_js.new_page()
    log_in(page)
    page.wait_for_url(AT_WORK)
    page.goto("/konto/tofaktor/totp/activate/")
    confirm(page)
    expect(page.locator("main img")).to_be_visible()
    secret = page.locator("main code").inner_text()
    page.locator("#id_code").fill(code_of(secret))
    submit(page)
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator("main li code")).to_have_count(10)
    page.locator(".lp-account button").click()
    log_in(page)
    page.wait_for_url("**/authenticate/")
    page.locator("#id_code").fill(code_of(secret, steps=1))
    submit(page)
    page.wait_for_url(AT_WORK)


@pytest.mark.parametrize("address", ["/konto/login/", "/konto/passord/gloymt/"])
def test_pages_before_log_in_are_accessible(
    page: Page, axe: Callable[[Page], None], address: str
) -> None:
    page.goto(address)
    axe(page)


def test_pages_after_log_in_are_accessible(page: Page, axe: Callable[[Page], None]) -> None:
    log_in(page)
    page.wait_for_url(AT_WORK)
    page.goto("/konto/tofaktor/totp/activate/")
    axe(page)
    confirm(page)
    page.wait_for_url("**/totp/activate/")
    axe(page)
    for address in (
        "/konto/tofaktor/",
        "/konto/tofaktor/webauthn/",
        "/konto/tofaktor/webauthn/add/",
        "/konto/passord/",
        "/konto/tenester/",
        "/konto/logout/",
    ):
        page.goto(address)
        axe(page)


def test_a_passkey(page: Page, site: str, settings: Settings, watchdog: Watchdog) -> None:
    # A passkey belongs to a name, not to an address of numbers; for localhost http will do.
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    watchdog.allow("request to another host: [A-Z]+ http://localhost:")
    home = f"http://localhost:{urlsplit(site).port}"
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{home}/konto/login/?next=/konto/tofaktor/webauthn/add/")
    page.locator("#id_login").fill(EDITOR)
    page.locator("#id_password").fill(PASSWORD)
    submit(page)
    confirm(page)
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile(r"/recovery-codes/|/webauthn/$"))
    page.locator(".lp-account button").click()
    page.wait_for_url(f"{home}/")
    page.goto(f"{home}/konto/login/?next=/arbeid/")
    page.locator("#passkey_login").click()
    page.wait_for_url(AT_WORK)


def test_another_log_in_service(
    page: Page, openid: Service, settings: Settings, watchdog: Watchdog
) -> None:
    set_up(settings, openid)
    settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
    watchdog.allow(f"request to another host: GET {openid.issuer}/authorize")
    smola = Municipality.objects.get(number="1573")
    Municipality.objects.filter(pk=smola.pk).update(organisation_number="987654321")
    openid.says(authorization_details=details("987654321"), email="ny@test.example")
    page.goto("/konto/login/?next=/arbeid/")
    page.get_by_role("button", name="Ansattporten").click()
    page.wait_for_url(AT_WORK)
    [role] = User.objects.get(email="ny@test.example").memberships.all()
    assert role.municipality == smola


def test_another_log_in_service_that_is_not_of_our_making(
    page: Page, site: str, settings: Settings, watchdog: Watchdog, tmp_path: Path
) -> None:
    with real_openid.started(tmp_path, site) as service:
        set_up(settings, service)
        settings.SOCIALACCOUNT_PROVIDERS["oidc"]["APPS"][0]["settings"]["scope"] = [
            "openid",
            "profile",
            "email",
        ]
        settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
        watchdog.allow(f"request to another host: GET {service.issuer}/")
        molde = Municipality.objects.get(number="1506")
        service.says(organisations=(molde.organisation_number,), email="ny@test.example")
        page.goto("/konto/login/?next=/arbeid/")
        page.get_by_role("button", name="Ansattporten").click()
        page.wait_for_url(AT_WORK)
        [role] = User.objects.get(email="ny@test.example").memberships.all()
        assert role.municipality == molde


@pytest.mark.parametrize("javascript", [True, False])
def test_the_session_ends_while_one_types(
    new_context: Callable[..., BrowserContext], javascript: bool
) -> None:
    page = new_context(java_script_enabled=javascript).new_page()
    log_in(page, TITLE)
    page.wait_for_url(re.compile(rf"^http://[^/]+{TITLE}$"))
    page.locator("#id_title").fill("Ein tittel som eg brukte lang tid på")
    page.context.clear_cookies(name="lupplan_session")
    submit(page)
    page.locator("#id_login").fill(EDITOR)
    page.locator("#id_password").fill(PASSWORD)
    submit(page)
    page.wait_for_url(re.compile(r"^http://[^/]+/konto/innskrive/"))
    submit(page)
    page.wait_for_url("**/arbeid/more-og-romsdal/2022/**")
    plan = PartnerPlan.objects.get(year=2022)
    assert plan.title == "Ein tittel som eg brukte lang tid på"
