"""Pages that a browser keeps for when there is no network: the frame, its service worker, the manifest of a phone.

A shell is the same for everybody: nothing personal stands in it. One build is kept whole or not at all; its name
changes with any file, with the frame and with the worker.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override

from shian.kernel.ui.build import MAIN, built_files, built_text

WORKER = "frontend/workers/field.ts"
ICONS = {"ui/icon-192.png": "192x192", "ui/icon-512.png": "512x512"}
BUILD = "X-Shian-Build"
BACKGROUND, THEME = "#f5f7f7", "#0b6a6a"


@dataclass(frozen=True)
class Shell:
    """`home`, `frame`, `manifest`: names of urls. `below`: the prefix whose pages lead home without a network, ""
    for none. `cache`: what the names of its caches begin with, its own among the shells of one address."""

    template: str
    island: str
    icons: Sequence[str]
    addresses: Callable[[], Mapping[str, str]]
    home: str
    frame: str
    manifest: str
    cache: str
    below: str = ""

    def page(self, request: HttpRequest) -> HttpResponse:
        """The frame, with the name of its build."""
        answer = render(request, self.template, self._context())
        answer[BUILD] = self.build()
        return answer

    def files(self) -> list[str]:
        """Everything that the page loads, by its address."""
        return [static(each) for each in [*built_files(MAIN, self.island), "ui/mark.svg", *ICONS]]

    def build(self) -> str:
        """A name that changes with any file of the page (their names tell their content), its frame or the worker."""
        with override(settings.LANGUAGE_CODE):
            frame = render_to_string(self.template, self._context())
        return hashlib.sha256("\n".join([*self.files(), frame, built_text(WORKER)]).encode()).hexdigest()[:16]

    def worker(self) -> HttpResponse:
        """The service worker: the built script, with what it keeps on top. Raises Http404 when nothing was built."""
        script = built_text(WORKER)
        if not script:
            raise Http404("not built")
        told = {
            "build": self.build(), "page": reverse(self.frame), "home": reverse(self.home), "files": self.files(),
            "manifest": reverse(self.manifest), "cache": self.cache, "below": self.below,
        }  # fmt: skip
        text = f"self.SHELL = {json.dumps(told)}\n{script}"
        answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
        answer["Cache-Control"] = "no-cache"
        return answer

    def installed(self, name: str, short_name: str) -> JsonResponse:
        """What a phone shows of the page once it is installed."""
        home = reverse(self.home)
        told: dict[str, Any] = {
            "id": home,
            "start_url": home,
            "scope": self.below or home,
            "name": name,
            "short_name": short_name,
            "lang": get_language(),
            "display": "standalone",
            "background_color": BACKGROUND,
            "theme_color": THEME,
            "icons": [
                {"src": static(icon), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for icon, sizes in ICONS.items()
                for purpose in ("any", "maskable")
            ],
        }
        return JsonResponse(told, content_type="application/manifest+json")

    def _context(self) -> dict[str, Any]:
        return {
            "props": self.addresses(), "island": PurePosixPath(self.island).parent.name, "icons": self.icons,
            "home": reverse(self.home), "manifest": reverse(self.manifest), "theme_color": THEME,
        }  # fmt: skip
