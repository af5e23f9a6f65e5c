"""Someone with a browser that has no JavaScript: reads pages, fills in forms, keeps cookies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tornado.httpclient import HTTPResponse

from tests.web.house import House


@dataclass
class Form:
    """A form on a page, with what is filled in already."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(found.get("action", "")))
        elif tag == "input" and self.forms and "name" in found:
            self.forms[-1].fields[found["name"]] = found.get("value", "")


@dataclass
class Visitor:
    house: House
    cookies: dict[str, str] = field(default_factory=dict)
    languages: str = "en"
    path: str = "/"
    code: int = 0
    page: str = ""

    async def open(self, path: str) -> Visitor:
        """Follows redirects, as browsers do."""
        return await self._arrive(await self._ask(path), path)

    async def send(self, action: str, typed: Mapping[str, str]) -> Visitor:
        """Fill in the form that goes to ``action`` and send it."""
        form = next(form for form in self.forms() if form.action == action)
        body = urlencode({**form.fields, **typed})
        path = form.action or self.path
        return await self._arrive(await self._ask(path, "POST", body), path)

    def forms(self) -> list[Form]:
        parser = _Forms()
        parser.feed(self.page)
        return parser.forms

    def form(self, action: str) -> dict[str, str]:
        """What a form has filled in."""
        return next(form.fields for form in self.forms() if form.action == action)

    async def _arrive(self, response: HTTPResponse, path: str) -> Visitor:
        while response.code in (302, 303):
            path = response.headers["Location"]
            assert path.startswith("/"), path
            response = await self._ask(path)
        self.path = urlsplit(path).path
        self.code, self.page = response.code, response.body.decode()
        return self

    async def _ask(self, path: str, method: str = "GET", body: str | None = None) -> HTTPResponse:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept_Language": self.languages,
            "User_Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0",
        }
        if body is not None:
            headers |= {
                "Content_Type": "application/x-www-form-urlencoded",
                "Origin": self.house.origin,
                "Sec_Fetch_Site": "same-origin",
            }
        response = await self.house.ask(path, method, body=body, **headers)
        self._keep_cookies(response)
        return response

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for line in response.headers.get_list("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.coded_value
