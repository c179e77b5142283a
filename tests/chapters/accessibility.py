"""What a page owes to readers who use a keyboard, a screen reader or strong contrast."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Vega draws text inside pictures that have a description and a table of their own.
CONTEXT = {"exclude": [".sq-plot"]}
OPTIONS = {"resultTypes": ["violations"], "preload": False, "elementRef": False}
IN_THE_DARK = OPTIONS | {"runOnly": ["color-contrast"]}

NAMED = {
    "DisclosureTriangle",
    "button",
    "checkbox",
    "combobox",
    "dialog",
    "heading",
    "image",
    "link",
    "listbox",
    "navigation",
    "option",
    "progressbar",
    "radio",
    "region",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
}

# Each piece of Chinese that no element around it declares to be Chinese.
FOREIGN = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    const declared = parentElement.closest('[lang^=zh], script, style, template');
    if (/[\\u4e00-\\u9fff]/.test(data) && !declared) found.push(data.trim().slice(0, 60));
  }
  return found;
}"""
MOVING = """() => [...document.querySelectorAll('*')].filter((node) => {
  const style = getComputedStyle(node);
  return parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none'
    || style.scrollBehavior === 'smooth';
}).map((node) => node.outerHTML.slice(0, 120))"""
# Marks what Tab has reached, and what of it did not show that it has the focus.
REACHED = """() => {
  const node = document.activeElement;
  if (node === document.body) return;
  node.dataset.reached = '';
  const shows = (part) => {
    const style = part && getComputedStyle(part);
    return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  if (!shows(node) && !shows(node.nextElementSibling)) node.dataset.unseen = '';
}"""
UNREACHED = """() => {
  const reached = (node) => node.hasAttribute('data-reached');
  const all = [...document.querySelectorAll('input')];
  const together = (node) => node.type === 'radio'
    ? all.filter((other) => other.name === node.name) : [node];
  return [...document.querySelectorAll('input, select, button, summary, a[href]')]
    .filter((node) => !node.disabled && node.checkVisibility({visibilityProperty: true}))
    .filter((node) => !together(node).some(reached))
    .map((node) => node.outerHTML.slice(0, 120));
}"""
CONTROLS = "input, select, button, summary, a[href], [tabindex='0']"
UNSEEN = """() => [...document.querySelectorAll('[data-unseen]')]
  .map((node) => node.outerHTML.slice(0, 120))"""


def violations(page: Page, options: dict[str, Any] = OPTIONS) -> list[str]:
    """Return what axe-core finds on a page, one line an element."""
    page.evaluate(Axe().axe_script)
    found = page.evaluate("([context, options]) => axe.run(context, options)", [CONTEXT, options])
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


class Tree:
    """The accessibility tree of a page, as the browser hands it to a screen reader."""

    def __init__(self, page: Page) -> None:
        session = page.context.new_cdp_session(page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        session.detach()
        self.nodes = {node["nodeId"]: node for node in nodes}

    def with_role(self, *roles: str) -> Iterator[dict[str, Any]]:
        for node in self.nodes.values():
            if not node["ignored"] and node["role"]["value"] in roles:
                yield node

    def below(self, node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for child in node.get("childIds", []):
            if child in self.nodes:
                yield self.nodes[child]
                yield from self.below(self.nodes[child])

    @staticmethod
    def name(node: dict[str, Any]) -> str:
        return str(node.get("name", {}).get("value", "")).strip()

    def is_live(self, node: dict[str, Any]) -> bool:
        """Whether changes in a node are read out, and there is something to read."""
        properties = {item["name"]: item["value"].get("value") for item in node["properties"]}
        return properties.get("live") in {"polite", "assertive"} and any(
            part["role"]["value"] == "StaticText" for part in self.below(node)
        )


def check(page: Page, *, dark: bool = False) -> None:
    """Assert that a page is fit for everyone, in the light and if asked in the dark.

    Contrast is what takes the time, and chapters take all their colours from one place: the dark
    is looked at on one page of each kind.
    """
    assert page.locator("html").get_attribute("lang") == "en"
    assert len(page.title()) > 5
    assert page.evaluate(FOREIGN) == []
    tree = Tree(page)
    assert [node["role"]["value"] for node in tree.with_role(*NAMED) if not tree.name(node)] == []
    questions = page.locator(".sq-demo .sq-title").all_text_contents()
    demos = [node for node in tree.with_role("region") if tree.name(node) in questions]
    assert len(demos) == len(questions)
    for demo in demos:
        parts = (part for part in tree.below(demo) if not part["ignored"])
        assert any(map(tree.is_live, parts)), tree.name(demo)

    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
    assert violations(page) == []
    if dark:
        page.emulate_media(color_scheme="dark")
        assert violations(page, IN_THE_DARK) == []
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")


def check_keyboard(page: Page) -> None:
    """Assert that Tab, from the top once round, comes to every control and shows where it is."""
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    for _ in range(page.locator(CONTROLS).count() + 60):
        page.keyboard.press("Tab")
        page.evaluate(REACHED)
    assert page.evaluate(UNREACHED) == []
    assert page.evaluate(UNSEEN) == []
