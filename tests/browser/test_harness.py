"""The watch-dog and axe bite: each planted fault is found."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.axe import AccessibilityError
from tests.browser.looks import Look, each_look
from tests.browser.watchdog import PageFaultError, Watchdog

PAGE = '<!doctype html><html lang="nn"><title>Prøve</title><main><h1>Prøve</h1>{}</main></html>'
POLICY = "default-src 'none'; script-src 'self'"


@pytest.fixture
def plant(page: Page) -> Callable[..., None]:
    """Open a page of the site that holds ``body`` and, if given, the script ``code``."""

    def open_page(body: str = "", code: str = "", policy: str = POLICY, status: int = 200) -> None:
        def answer(route: Route) -> None:
            if route.request.url.endswith("/planted.js"):
                route.fulfill(body=code, content_type="text/javascript")
            else:
                script = '<script src="/planted.js"></script>' if code else ""
                route.fulfill(
                    status=status,
                    body=PAGE.format(body + script),
                    content_type="text/html; charset=utf-8",
                    headers={"Content-Security-Policy": policy},
                )

        page.route("**/planted*", answer)
        page.goto("/planted")

    return open_page


def test_a_sound_page_passes(
    plant: Callable[..., None], page: Page, axe: Callable[[Page], None], watchdog: Watchdog
) -> None:
    plant("<p>Alt er bra.</p>", code="document.title += 'n'")
    assert page.title() == "Prøven"
    axe(page)
    watchdog.verify()


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("console.error('a planted fault')", "console error: a planted fault"),
        ("throw new Error('a planted fault')", "uncaught error: .*a planted fault"),
        ("Promise.reject(new Error('a planted fault'))", "uncaught error: .*a planted fault"),
    ],
)
def test_errors_in_scripts_are_found(
    plant: Callable[..., None], watchdog: Watchdog, code: str, fault: str
) -> None:
    plant(code=code)
    with pytest.raises(PageFaultError, match=fault):
        watchdog.verify()


@pytest.mark.parametrize(
    "body",
    [
        '<p style="color: red">Raud</p>',
        "<style>p { color: red }</style>",
        "<script>document.title = 'x'</script>",
        '<img alt="Punkt" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    ],
)
def test_violations_of_the_content_security_policy_are_found(
    plant: Callable[..., None], watchdog: Watchdog, body: str
) -> None:
    plant(body)
    with pytest.raises(PageFaultError, match=r"CSP violation: (style|script|img)-src"):
        watchdog.verify()


def test_requests_to_other_hosts_are_found(plant: Callable[..., None], watchdog: Watchdog) -> None:
    plant('<img alt="Framand" src="http://other.example/x.png">', policy="img-src *")
    with pytest.raises(
        PageFaultError, match=r"request to another host: GET http://other\.example/"
    ):
        watchdog.verify()


def test_what_a_test_expects_is_no_fault(plant: Callable[..., None], watchdog: Watchdog) -> None:
    watchdog.allow("status of 404")
    plant(status=404)
    watchdog.verify()


def test_what_no_test_expects_is_a_fault(plant: Callable[..., None], watchdog: Watchdog) -> None:
    plant(status=404)
    with pytest.raises(PageFaultError, match="status of 404"):
        watchdog.verify()


@pytest.mark.xfail(raises=PageFaultError, strict=True, reason="the watch-dog must fail this test")
def test_a_fault_fails_the_test_that_does_not_ask(plant: Callable[..., None]) -> None:
    plant(code="console.error('a planted fault')")


def test_inaccessible_pages_are_found(
    plant: Callable[..., None], page: Page, axe: Callable[[Page], None]
) -> None:
    plant('<img src="/planted.png"><input type="text">', policy="img-src *")
    with pytest.raises(AccessibilityError, match=r"(?s)image-alt.*label"):
        axe(page)


def test_pages_that_are_too_wide_are_found(plant: Callable[..., None], page: Page) -> None:
    plant(f"<p>{'a' * 300}</p>")
    with pytest.raises(AssertionError, match="too wide at 320-light"):
        list(each_look(page, [Look(320, "light")]))
