"""Requests to the application in this process, without a network: for what is counted in CPU time or in statements."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html

Asked = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


async def ask(app: Any, path: str, headers: Asked, form: Asked | None = None) -> Answered:
    """GET, or POST where a form is given."""
    body = urlencode(form).encode() if form is not None else b""
    told = {"host": "127.0.0.1", "sec-fetch-site": "same-origin", **headers}
    if form is not None:
        told |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(_scope(path, "GET" if form is None else "POST", told), receive, send)
    pairs = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], pairs, b"".join(message.get("body", b"") for message in sent[1:]))


def _scope(path: str, method: str, headers: Asked) -> Any:
    parts = urlsplit(path)
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


def filled(page: bytes, action: str) -> tuple[str, dict[str, str]]:
    """Where the form to `action` goes and what a person in a hurry sends: the last choice of all there is."""
    for form in _forms(page):
        if action in form.get("action"):
            return form.get("action"), dict(_value(c) for c in form.xpath(".//input|.//select") if c.get("name"))
    said = unescape(re.sub(r"<[^>]+>|\s+", " ", page.decode()))
    raise LookupError(f"no form to {action}: {said[:600]}")


def _forms(page: bytes) -> Any:
    return html.fromstring(page.decode()).xpath("//form[@method='post']")


def _value(control: Any) -> tuple[str, str]:
    if control.tag == "select":
        return control.get("name"), control.xpath(".//option")[-1].get("value")
    return control.get("name"), control.get("value") or ""
