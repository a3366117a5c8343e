"""The Tab key, Enter, Space, the arrows and the letters: all that somebody without a mouse has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from playwright.async_api import Locator, Page

MOST_CONTROLS: Final = 400

_CONTROLS: Final = """
const controls = [...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary")];
const group = at => at.type === "radio" && `${[...document.forms].indexOf(at.form)} ${at.name}`;
"""
_FOCUSED: Final = f"""() => {{
  {_CONTROLS}
  const at = document.activeElement;
  if (!controls.includes(at)) return null;
  const style = getComputedStyle(at), box = at.getClientRects()[0];
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {{
    number: controls.indexOf(at),
    html: at.outerHTML.slice(0, 90),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    covered: ![at, ...(at.labels || [])].some(part => part.contains(seen)),
    folded: at.tagName === "SUMMARY" && !at.parentElement.open,
  }};
}}"""
_MISSED: Final = f"""reached => {{
  {_CONTROLS}
  const groups = reached.map(number => group(controls[number])).filter(Boolean);
  return controls.filter((at, number) =>
    at.checkVisibility() && !reached.includes(number) && !groups.includes(group(at))
  ).map(at => at.outerHTML.slice(0, 90));
}}"""
_IS_AT: Final = f"""at => {{
  {_CONTROLS}
  const now = document.activeElement;
  return now === at || (group(at) !== false && group(now) === group(at));
}}"""
_IS_CHOSEN: Final = "at => document.activeElement === at && at.checked"


@dataclass(frozen=True)
class Step:
    """One thing that is done to a control, which is named as its reader knows it."""

    does: Literal["press", "follow", "tick", "unfold", "write", "pick"]
    named: str
    text: str = ""


def press(named: str) -> Step:
    return Step("press", named)


def follow(named: str) -> Step:
    return Step("follow", named)


def tick(named: str) -> Step:
    return Step("tick", named)


def unfold(named: str) -> Step:
    return Step("unfold", named)


def write(named: str, text: str) -> Step:
    return Step("write", named, text)


def pick(named: str, text: str) -> Step:
    return Step("pick", named, text)


async def do(page: Page, steps: Sequence[Step]) -> None:
    """Does one thing after the other, moving on by Tab alone."""
    for step in steps:
        control = _control(page, step)
        await _reach(page, control)
        match step.does:
            case "press" | "follow":
                async with page.expect_navigation():
                    await page.keyboard.press("Enter")
            case "unfold":
                await page.keyboard.press("Enter")
            case "tick":
                await _tick(page, control)
            case "write" | "pick":
                await page.keyboard.type(step.text)


async def walk(page: Page) -> tuple[list[str], bool]:
    """Goes once through all controls, unfolding what is folded.

    Returns what cannot be reached, or is not seen to be focused; and whether anything was folded.
    """
    faults: list[str] = []
    reached: list[int] = []
    was_folded = False
    for _ in range(MOST_CONTROLS):
        await page.keyboard.press("Tab")
        at: dict[str, Any] | None = await page.evaluate(_FOCUSED)
        if at is None:
            continue
        if at["number"] in reached:
            break
        reached.append(at["number"])
        faults += [f"{name} in focus: {at['html']}" for name in _WRONG if at[name] == _WRONG[name]]
        if at["folded"]:
            was_folded = True
            await page.keyboard.press("Enter")
    missed = await page.evaluate(_MISSED, reached)
    return [*faults, *(f"not reached by Tab: {html}" for html in missed)], was_folded


_WRONG: Final = {"marked": False, "covered": True}


def _control(page: Page, step: Step) -> Locator:
    named = step.named
    match step.does:
        case "press":
            found = page.get_by_role("button", name=named)
        case "follow":
            found = page.get_by_role("link", name=named)
        case "unfold":
            labelled = page.locator(f'summary[aria-label="{named}"]')
            found = page.locator("summary", has_text=named).or_(labelled)
        case "tick":
            choice = page.get_by_role("radio", name=named)
            found = page.get_by_role("checkbox", name=named).or_(choice)
        case "pick":
            found = page.get_by_role("combobox", name=named)
        case "write":
            found = page.get_by_label(named)
    return found.filter(visible=True).first


async def _reach(page: Page, control: Locator) -> None:
    for _ in range(MOST_CONTROLS):
        if await control.evaluate(_IS_AT):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {control}")


async def _tick(page: Page, control: Locator) -> None:
    """Ticks a box, or moves through choices that exclude one another until this is chosen."""
    await page.keyboard.press("Space")
    for _ in range(MOST_CONTROLS):
        if await control.evaluate(_IS_CHOSEN):
            return
        await page.keyboard.press("ArrowDown")
    raise AssertionError(f"not to be chosen by the keyboard: {control}")
