"""A real browser on a real server: pages as people meet them, on a desk and on a phone, in Chinese and in English.

A page fails its test by itself when it logs an error, breaks its content security policy, asks anybody else for
anything, or answers with a server error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    sync_playwright,
)

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.people import PASSWORD

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parent.parent / "var" / "screenshots"
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
CLIENT_ERROR, SERVER_ERROR = 400, 500
# axe's rules for WCAG 2.2 level AA and good practice; the page's region rule is left to the shell's own tests.
AXE_OPTIONS = {"resultTypes": ["violations"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember how the test itself ended, so that its pages can be pictured when it failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver; one for the whole run."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, without anything that talks to its maker."""
    running = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
    yield running
    running.close()


class Watch:
    """What a page may not do, noted while the test goes on, and told at its end."""

    def __init__(self, own_origin: str) -> None:
        """Watch pages of this origin."""
        self.own_origin = own_origin
        self.faults: list[str] = []
        self.expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        """This fault belongs to the test: `watch.expect("409")`."""
        self.expected.append(re.compile(pattern))

    def follow(self, page: Page) -> None:
        """Note what this page logs, asks for and gets."""
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._look_where)
        page.on("response", self._look_at)

    def _listen(self, message: ConsoleMessage) -> None:
        """Errors only; the browser's own line about an answer's status says less than the answer, which is looked at."""
        if message.type == "error" and not message.text.startswith("Failed to load resource: the server responded"):
            self.faults.append(f"console error: {message.text}")

    def _look_where(self, request: Request) -> None:
        if self._is_elsewhere(request.url):
            self.faults.append(f"asks {request.url}")

    def _look_at(self, response: Response) -> None:
        """A page may say no (403, 404, 409, 422); what a page is made of must be there, and the server must not fail."""
        is_page = response.request.resource_type == "document"
        if response.status >= (SERVER_ERROR if is_page else CLIENT_ERROR):
            self.faults.append(f"{response.status} {response.url}")

    def _is_elsewhere(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and f"{parts.scheme}://{parts.netloc}" != self.own_origin

    def unexpected(self) -> list[str]:
        """The faults that the test did not expect."""
        return [fault for fault in self.faults if not any(pattern.search(fault) for pattern in self.expected)]


@pytest.fixture
def watch(live_server: Any) -> Iterator[Watch]:
    """Fails the test at its end for what its pages did wrong; `watch.expect(pattern)` for what they shall do."""
    watching = Watch(str(live_server.url))
    yield watching
    assert not watching.unexpected(), "\n".join(watching.unexpected())


@pytest.fixture
def new_page(
    browser: Browser, live_server: Any, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Pages of visitors who know nothing of each other: `new_page("phone")`, `new_page("desk", language="en")`."""
    contexts: list[BrowserContext] = []

    def open_page(size: str = "desk", *, language: str = "zh", **options: Any) -> Page:
        locale = {"zh": "zh-CN", "en": "en-GB"}[language]
        context = browser.new_context(
            base_url=str(live_server.url),
            viewport=SIZES[size],
            locale=locale,
            timezone_id="Asia/Shanghai",
            has_touch=size == "phone",
            **options,
        )
        contexts.append(context)
        # What hangs is found all the same; a machine that has other work to do is no fault of a page.
        context.set_default_timeout(30_000)
        page = context.new_page()
        watch.follow(page)
        return page

    yield open_page
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False):
            _picture(context, f"{request.node.name}-{number}")
        context.close()


def _picture(context: BrowserContext, name: str) -> None:
    """Keep what the visitor saw when the test failed."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    safe = re.sub(r"[^\w.-]+", "_", name)
    for number, page in enumerate(context.pages):
        page.screenshot(path=SCREENSHOTS / f"{safe}-{number}.png", full_page=True)


@pytest.fixture
def desk(new_page: Callable[..., Page]) -> Page:
    """A page on a desk, 1440 x 900, in Chinese."""
    return new_page("desk")


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A page on a phone, 390 x 844, in Chinese."""
    return new_page("phone")


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """`sign_in(page, "office")` through the page that people use."""

    def sign_in_as(page: Page, username: str, *, password: str = PASSWORD) -> None:
        page.goto("/sign-in/")
        form = page.locator("form", has=page.locator("input[name=password]"))
        form.locator("input[name=username]").fill(username)
        form.locator("input[name=password]").fill(password)
        form.locator("[type=submit]").first.click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)

    return sign_in_as


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with every violation that axe finds; run through the browser's own console, so CSP stands."""
    reader = Axe()

    def check(page: Page) -> None:
        violations = reader.run(page, options=AXE_OPTIONS).response["violations"]
        told = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
            + "\n    ".join(node["html"][:200] for node in violation["nodes"][:5])
            for violation in violations
        ]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check
