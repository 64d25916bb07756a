"""The browser fixtures themselves: a fault of a page fails its test, in whatever test it happens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from chuangju.kernel.models import User
from tests.browser.conftest import Watch


@pytest.mark.parametrize(("language", "locale"), [("zh", "zh-hans"), ("en", "en")])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_home_page_opens_for_a_stranger(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: str, language: str, locale: str
) -> None:
    page = new_page(size, language=language)
    page.goto("/")
    assert page.locator("html").get_attribute("lang") in {locale, "zh-CN", "zh-Hans"}
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0, f"the page is {width} px wider than the {size}"
    axe(page)


def test_an_officer_signs_in_and_meets_the_staff_side(desk: Page, office: User, sign_in: Callable[..., None]) -> None:
    sign_in(desk, office.username)
    desk.goto("/staff/units/")
    assert desk.locator("h1").inner_text()
    assert "/sign-in/" not in desk.url


@pytest.mark.parametrize(
    ("fault", "noted"),
    [
        ("console.error('a script says so')", "console error: a script says so"),
        ("fetch('http://192.0.2.1/pixel.gif').catch(() => 0)", "192.0.2.1"),
        (
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "Content Security Policy",
        ),
        ("fetch('/no-such-file.css')", "404"),
        ("setTimeout(() => { throw new Error('lost') })", "script: lost"),
    ],
)
def test_what_a_page_may_not_do_is_noted(desk: Page, watch: Watch, fault: str, noted: str) -> None:
    desk.goto("/")
    assert watch.unexpected() == []
    desk.evaluate(f"() => {{ {fault} }}")
    desk.wait_for_timeout(300)
    assert any(noted in told for told in watch.unexpected()), watch.faults
    watch.expect(".*")


def test_axe_finds_what_it_is_for(desk: Page, axe: Callable[[Page], None]) -> None:
    desk.goto("/")
    desk.evaluate("document.body.append(document.createElement('input'))")
    with pytest.raises(AssertionError, match="label"):
        axe(desk)


def test_a_page_that_says_no_is_not_a_fault(desk: Page, watch: Watch) -> None:
    answer = desk.goto("/no-such-page/")
    assert answer is not None
    assert answer.status == 404
    assert watch.unexpected() == []
