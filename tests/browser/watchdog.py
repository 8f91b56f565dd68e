"""Sees what goes wrong in a browser without anybody asking: each test fails on it at its end."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, WebError

# Chromium reports a violation to the page too, also where it writes nothing to the console.
REPORT_CSP = """
document.addEventListener("securitypolicyviolation", event => window.lupplanReportCsp(
    `${event.effectiveDirective} refused ${event.blockedURI} on ${event.documentURI}`
    + ` line ${event.lineNumber} ${event.sample}`
));
"""


class PageFaultError(AssertionError):
    """Something went wrong in the browser: one line for each fault."""


class Watchdog:
    """Collects the faults of every watched context of one test.

    ``site`` is the address that pages may ask, without a final slash.
    """

    def __init__(self, site: str) -> None:
        self.site = site
        self._contexts: list[BrowserContext] = []
        self._faults: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """Expect faults that match ``pattern``, such as ``status of 404`` on a page that is one."""
        self._allowed.append(re.compile(pattern))

    def watch(self, context: BrowserContext) -> None:
        """Watch every page that ``context`` opens from now on."""
        self._contexts.append(context)
        context.expose_binding(
            "lupplanReportCsp", lambda source, text: self._faults.append(f"CSP violation: {text}")
        )
        context.add_init_script(REPORT_CSP)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def verify(self) -> None:
        """Raise ``PageFaultError`` if there was a fault since the last call."""
        for page in (page for context in self._contexts for page in context.pages):
            _settle(page)
        faults = [
            fault
            for fault in self._faults
            if not any(pattern.search(fault) for pattern in self._allowed)
        ]
        self._faults.clear()
        if faults:
            raise PageFaultError("\n".join(faults))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "assert"):
            place = message.location.get("url", "")
            self._faults.append(f"console {message.type}: {message.text} ({place})")

    def _on_error(self, error: WebError) -> None:
        self._faults.append(f"uncaught error: {error.error}")

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and not request.url.startswith(
            f"{self.site}/"
        ):
            self._faults.append(f"request to another host: {request.method} {request.url}")


def _settle(page: Page) -> None:
    """Wait for what the page has already reported: an answer comes after earlier messages."""
    try:
        page.title()
    except Error:  # the page is gone; what it said came before
        return
