"""Cases for programs: types, lists, one case with its timeline, opening, and steps that say which version they saw."""

from django.utils.translation import gettext_lazy as _

from shian.engine.cases.api.endpoints import router
from shian.kernel.api.registry import register_router

register_router(_("闭环事项"), router)
