"""Endpoints of kernel apps, which lie below the interface and cannot know it."""

from shian.kernel.api.endpoints import imports, log, notices

__all__ = ["imports", "log", "notices"]
