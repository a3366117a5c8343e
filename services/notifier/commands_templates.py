"""`template check` and `template preview`: look at every letter before anybody receives one."""

from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from services.notifier.rendering.checks import check
from services.notifier.rendering.gsm7 import segments
from services.notifier.rendering.languages import lacking
from services.notifier.rendering.layout import FOLDER, KINDS
from services.notifier.rendering.renderer import Employer, Renderer
from services.notifier.rendering.samples import NOW, every_reason, in_each, samples
from shared.runtime.links import SHORTEST_KEY, Links
from shared.runtime.terminal import tell

template = typer.Typer(help="The words of the letters.", no_args_is_help=True)

SAMPLE_KEY = "-" * SHORTEST_KEY
"""Signs links that lead nowhere."""

EmployerOption = Annotated[str, typer.Option(help="Whose letters to show.")]


@template.command("check")
def check_templates() -> None:
    """Render every kind of message in every language, and list what is wrong."""
    renderer = _renderer("Northwind Clinics")
    contents = list(in_each(renderer.languages, chain(samples(), every_reason())))
    found = list(check(renderer, contents))
    for name, fault in found:
        tell(f"{name}: {fault}")
    tell(f"{len(contents)} messages, {len(found)} faults")
    raise typer.Exit(1 if found else 0)


@template.command("preview")
def preview_templates(
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    employer: EmployerOption = "Northwind Clinics",
) -> None:
    """Write every kind of message as its reader sees it, with an index."""
    out.mkdir(parents=True, exist_ok=True)
    renderer = _renderer(employer)
    messages = []
    for name, content in in_each(renderer.languages, samples()):
        rendered = renderer.render(content, NOW)
        if rendered.html is not None:
            (out / f"{name}.html").write_text(rendered.html, encoding="utf-8")
        messages.append((name, rendered))
    (out / "index.html").write_text(_index().render(messages=messages), encoding="utf-8")
    tell(f"{len(messages)} messages: {out / 'index.html'}")


def _renderer(employer: str) -> Renderer:
    if missing := list(lacking(FOLDER, KINDS)):
        for line in missing:
            tell(line)
        tell(f"{len(missing)} faults in what is written; no message was made")
        raise typer.Exit(1)
    links = Links(SAMPLE_KEY, "https://careers.example")
    described = Employer(employer, "Elbchaussee 12, 20457 Hamburg, Germany", "DE", "Europe/Berlin")
    return Renderer(links, described)


def _index() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["segments"] = segments
    return environment.get_template("preview.html")
