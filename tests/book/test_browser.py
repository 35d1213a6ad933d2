"""The built book in a real browser: `make browser` builds it and runs these tests.

Chromium opens every page from the file system, in light and in dark and at three widths. What the
pages say of themselves there is collected once, and each test asserts one property of all of them.
Downloads are tested from a web server, since browsers show files of the file system instead.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from tests.helpers import ROOT

pytestmark = pytest.mark.browser

BOOK = Path(os.environ.get("MESOKWANT_BOOK", ROOT / "book"))
"""Folder of the built book."""

PATIENCE = 120_000
"""Milliseconds that a page may take on a busy machine."""
WIDTHS = (1600, 800, 360)
"""Widths of a wide screen, a tablet and a phone, in pixels."""

SCHEMES = ("light", "dark")

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
"""Tags of the rules of axe-core that pages pass."""

HEADINGS = ("heading-order", "empty-heading", "page-has-heading-one")
"""Rules about headings, which have none of these tags."""

WITH_CODE = ("studies/vacancy.html", "reference/mesokwant-terminals.html")
"""Pages where the contrast of every word of code is looked at: elsewhere it has the same colors."""

REPEATED = ("reference/", "genindex", "py-modindex")
"""How names of pages begin whose text has the colors of the second page of `WITH_CODE`."""

FACTS = """async () => {
  for (const image of document.images) {
    image.loading = "eager";
    await image.decode().catch(() => {});
  }
  return {
    title: document.title,
    ids: [...document.querySelectorAll("[id]")].map((one) => one.id),
    links: [...document.querySelectorAll("a[href]")].map((one) => one.href),
    broken: [...document.images].filter((one) => !one.naturalWidth).map((one) => one.src),
    silent: [...document.images].filter((one) => !one.hasAttribute("alt")).map((one) => one.src),
  };
}"""

# Without its preload, axe-core does not fetch style sheets, which the file system refuses. The
# roles of citations are those that docutils gives them.
STRUCTURE = """async ([tags, headings]) => {
  const contrast = {"color-contrast": {enabled: false}};
  const common = {resultTypes: ["violations"], preload: false};
  const byTag = {runOnly: {type: "tag", values: tags}, rules: contrast, ...common};
  const byName = {runOnly: {type: "rule", values: headings}, ...common};
  const where = {exclude: [".citation-list"]};
  const results = [await axe.run(where, byTag), await axe.run(where, byName)];
  return results.flatMap((result) => result.violations).map(
    ({id, nodes}) => `${id}: ${nodes[0].target.join(" ")} and ${nodes.length - 1} more`
  );
}"""

CONTRAST = """async (ignored) => {
  const runOnly = {type: "rule", values: ["color-contrast"]};
  const options = {runOnly, resultTypes: ["violations"], preload: false};
  const result = await axe.run({exclude: ignored}, options);
  return result.violations.flatMap(({nodes}) => nodes.map((node) => node.target.join(" ")));
}"""


@dataclass
class Visit:
    """What a page said when it was open.

    Attributes
    ----------
    errors
        Errors and warnings of its console, exceptions of its scripts, files that it did not get.
    outside
        Addresses beyond the file system that it asked for.
    facts
        What `FACTS` gives.
    too_wide
        Widths at which it scrolls to the side.
    violations
        Rules of axe-core that it breaks, with the first place.
    faint
        Color scheme -> places whose contrast is too low.
    """

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    too_wide: list[int] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faint: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def chromium():
    """The browser: the one that the system has, or the one that Playwright installed."""
    from playwright.sync_api import sync_playwright

    assert (BOOK / "index.html").is_file(), f"there is no book in {BOOK}; `make book` builds it"
    system = shutil.which("chromium")
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to the superuser, who runs the tests in containers.
        browser = playwright.chromium.launch(
            executable_path=system, chromium_sandbox=os.getuid() != 0
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """An empty page of its own, which is closed behind the test."""
    context = chromium.new_context(viewport={"width": 1600, "height": 1000})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def served():
    """Address of the book on a web server of this machine."""
    handler = functools.partial(_Silent, directory=str(BOOK))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        """Write nothing between the lines of pytest."""


@pytest.fixture(scope="module")
def visits(chromium):
    """Every page of the book, opened once."""
    context = chromium.new_context(viewport={"width": WIDTHS[0], "height": 1000})
    context.set_default_timeout(PATIENCE)
    seen = {}
    for path in pages():
        # A page of its own each time: one that has seen many pages takes much memory, and is slow.
        page = context.new_page()
        seen[path] = visit(page, path)
        page.close()
    context.close()
    return seen


def visit(page, path):
    """Open a page of the book, and ask it for everything that the tests look at."""
    from axe_playwright_python.base import AXE_FILE_PATH

    result = Visit()

    def ask(address):
        if urlsplit(address).scheme not in ("file", "data", "blob"):
            result.outside.append(address)

    say = result.errors.append
    page.on("console", lambda one: one.type in ("error", "warning") and say(one.text))
    page.on("pageerror", lambda error: say(str(error)))
    page.on("requestfailed", lambda request: say(f"{request.url} is not there"))
    page.on("request", lambda request: ask(request.url))
    page.goto(path.as_uri())
    result.facts = page.evaluate(FACTS)
    name = path.relative_to(BOOK).as_posix()
    if name.startswith("_modules/"):
        return result  # the code of a module has thousands of colored words, and nothing else
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            result.too_wide.append(width)
    page.set_viewport_size({"width": WIDTHS[0], "height": 1000})
    page.add_script_tag(path=AXE_FILE_PATH)
    result.violations = page.evaluate(STRUCTURE, [TAGS, HEADINGS])
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        if name in WITH_CODE:
            result.faint[scheme] = page.evaluate(CONTRAST, [])
        elif not name.startswith(REPEATED):
            result.faint[scheme] = page.evaluate(CONTRAST, [".highlight"])
    return result


def pages():
    """All pages of the book."""
    kept = [path for path in sorted(BOOK.rglob("*.html")) if ".work" not in path.parts]
    assert len(kept) > 20
    return kept


def said(visits, of_visit):
    """Name of a page -> what it said, for all that said something."""
    lists = {str(path.relative_to(BOOK)): of_visit(visit) for path, visit in visits.items()}
    return {name: texts for name, texts in lists.items() if texts}


def target(address):
    """The file of a link of the book, and the place on its page."""
    plain, place = urldefrag(address)
    return Path(unquote(urlsplit(plain).path)), unquote(place)


def test_pages_open_without_errors(visits):
    assert said(visits, lambda visit: visit.errors) == {}


def test_pages_ask_no_outside_address(visits):
    assert said(visits, lambda visit: visit.outside) == {}


def test_pages_have_titles_of_their_own(visits):
    assert all(visit.facts["title"].strip() for visit in visits.values())


def test_pictures_are_shown_and_have_texts(visits):
    assert said(visits, lambda visit: visit.facts["broken"] + visit.facts["silent"]) == {}


def test_links_lead_to_files_and_places_that_exist(visits):
    places = {path: {*visit.facts["ids"], ""} for path, visit in visits.items()}

    for path in places:
        # Pages of code link back by the name of an object on the last page that shows it, which
        # may be another one than that page has.
        if "_modules" in path.parts:
            visits[path].facts["links"] = [urldefrag(one)[0] for one in visits[path].facts["links"]]

    def dead(visit):
        inside = [target(one) for one in visit.facts["links"] if one.startswith("file:")]
        return sorted(
            {f"{p.name}#{place}" for p, place in inside if not p.is_file()}
            | {f"{p.name}#{place}" for p, place in inside if place not in places.get(p, {place})}
        )

    assert said(visits, dead) == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_do_not_scroll_to_the_side(visits, width):
    assert said(visits, lambda visit: width in visit.too_wide) == {}


def test_headings_labels_and_regions_pass_axe(visits):
    assert said(visits, lambda visit: visit.violations) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_has_contrast(visits, scheme):
    assert said(visits, lambda visit: visit.faint.get(scheme)) == {}


@pytest.mark.parametrize("way", ["from the file system", "from a server"])
def test_search_finds_the_vacancy(page, served, way):
    page.goto(served if way == "from a server" else (BOOK / "index.html").as_uri())
    page.locator("input.sidebar-search").fill("vacancy")
    page.keyboard.press("Enter")
    results = page.locator("#search-results ul.search a")
    results.first.wait_for()
    page.locator("p.search-summary").filter(has_text="found").wait_for()
    found = results.evaluate_all("links => links.map((one) => one.getAttribute('href'))")
    assert any("studies/vacancy.html" in one for one in found)


def test_filters_leave_the_statements_that_were_asked_for(page):
    page.goto((BOOK / "index.html").as_uri())
    cards = page.locator(".mk-card")
    everything = cards.count()
    assert page.locator(".mk-card:visible").count() == everything
    page.locator("select[name=chapter]").select_option("Localization")
    shown = page.locator(".mk-card:visible")
    assert 0 < shown.count() < everything
    assert shown.evaluate_all("all => all.every((one) => one.dataset.chapter === 'Localization')")
    assert page.locator(".mk-count").text_content().startswith(f"{shown.count()} of {everything}")
    page.locator("select[name=chapter]").select_option("")
    page.locator("select[name=verdict]").select_option("holds")
    assert shown.evaluate_all("all => all.every((one) => one.dataset.verdict === 'holds')")
    page.locator("select[name=verdict]").select_option(label="all verdicts")
    assert shown.count() == everything


def test_statements_are_ordered_by_their_distance_from_theory(page):
    page.goto((BOOK / "index.html").as_uri())
    page.locator("select[name=order]").select_option("z")
    read = "all => all.map((one) => Number.parseFloat(one.dataset.z || '-1'))"
    distances = page.locator(".mk-card:visible").evaluate_all(read)
    assert len(distances) == page.locator(".mk-card").count()
    assert distances == sorted(distances, reverse=True)
    assert distances[0] > distances[-1]


def test_downloads_are_the_files_of_the_book(page, served):
    page.goto(f"{served}/studies/weak_localization.html")
    links = page.locator("a[download]")
    endings = set()
    for link in links.all():
        with page.expect_download() as caught:
            link.click()
        file = BOOK / "studies" / "weak_localization" / caught.value.suggested_filename
        assert Path(caught.value.path()).read_bytes() == file.read_bytes()
        endings.add(file.suffix)
    assert endings >= {".png", ".pdf", ".svg", ".csv"}


def test_dark_mode_follows_the_system_and_the_button(page):
    brightness = """() => {
      const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g);
      return (Number(r) + Number(g) + Number(b)) / 765;
    }"""
    page.emulate_media(color_scheme="light")
    page.goto((BOOK / "index.html").as_uri())
    assert page.evaluate(brightness) > 0.9
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(brightness) < 0.2
    page.emulate_media(color_scheme="light")
    button = page.locator("button.theme-toggle:visible")
    for _ in range(3):
        button.click()
        if page.locator("body").get_attribute("data-theme") == "dark":
            break
    assert page.evaluate(brightness) < 0.2


def test_a_statement_is_reached_by_keyboard_alone(page):
    page.goto((BOOK / "index.html").as_uri())
    page.locator("select[name=order]").focus()
    page.keyboard.press("Tab")
    name = page.evaluate("document.activeElement.textContent")
    assert page.evaluate("document.activeElement.closest('.mk-card') !== null")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").text_content().startswith(name)
