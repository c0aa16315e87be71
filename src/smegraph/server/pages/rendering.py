"""The one way from values to HTML: Jinja2 templates, in which every value is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from smegraph.server.pages.ask_window import packed

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"


def render(template: str, **values: object) -> str:
    """Return a template filled with values.

    Raises jinja2.UndefinedError where the template asks for a value that is not given.
    """
    return _ENVIRONMENT.get_template(template).render(values)


def render_alone(template: str, **values: object) -> str:
    """Return a page that stands alone in a file: it carries its look and needs nothing else."""
    look = Markup((STATIC / "smegraph.css").read_text("utf-8"))
    return render(template, base="file.html", look=look, **values)


def thousands(number: int) -> str:
    """Return a number with its thousands apart.

    >>> thousands(12345)
    '12,345'
    """
    return f"{number:,}"


def percent(share: float | None) -> str:
    """Return a share of a hundred; a dash where there is nothing to have a share of.

    >>> percent(53.25), percent(None)
    ('53.2 %', '–')
    """
    return "–" if share is None else f"{share:.1f} %"


def ask_address(query: str) -> str:
    """Return the address of the page that answers a query, below the root of the site.

    >>> ask_address("ASK {}")
    '/ask?q=cwz2VqiuBQA'
    """
    return f"/ask?q={packed(query)}"


def _environment() -> Environment:
    """Return the environment of all pages; a template is compiled when it is first used."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters |= {
        "thousands": thousands,
        "percent": percent,
        "ask_address": ask_address,
    }
    made.policies["json.dumps_kwargs"] = {"sort_keys": False}
    return made


_ENVIRONMENT: Final = _environment()
