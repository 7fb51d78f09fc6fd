"""The registry of endpoints: each app's api.py makes one router and registers it; scopes follow from the areas.

    router = ApiRouter("operators")

    @router.read("/{code}", policy=OPERATOR_READ, response=OperatorOut)
    def operator(request, code: str): ...

    register_router(_("经营主体"), router)

The first argument of an endpoint must be called `request`. A read needs the scope read:<area>, a write write:<area>,
and either goes on through the owner's policies and `visible_to`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import Policy
from shian.kernel.ui.states import Text


@dataclass(frozen=True)
class Gate:
    """What stands before an endpoint: the scope that the token needs, and the policy that its owner needs."""

    area: str
    policy: Policy
    is_write: bool = False

    @property
    def scope(self) -> str:
        return f"{'write' if self.is_write else 'read'}:{self.area}"


class GatedRouter(Protocol):
    """What the registry knows of a router (routing.ApiRouter)."""

    area: str
    gates: list[Gate]


@dataclass(frozen=True)
class ApiArea:
    """One area of the interface: its name in scopes, its title, its router."""

    key: str
    title: Text
    router: GatedRouter

    @property
    def scopes(self) -> list[str]:
        """What its endpoints ask of a token, reading first."""
        return sorted({gate.scope for gate in self.router.gates})


_areas: dict[str, ApiArea] = {}


def register_router(title: Text, router: GatedRouter) -> None:
    """Offer the router's endpoints. Raises ValueError for an area that is there already."""
    if router.area in _areas and _areas[router.area].router is not router:
        raise ValueError(f"API area {router.area!r} is registered twice.")
    _areas[router.area] = ApiArea(router.area, title, router)


def api_areas() -> Mapping[str, ApiArea]:
    """Every area by key, in alphabetical order. Reads the api.py of every app of ours first."""
    for config in apps.get_app_configs():
        if config.name.startswith("shian.") and config.module and module_has_submodule(config.module, "api"):
            import_module(f"{config.name}.api")
    import_module("shian.kernel.api.endpoints")
    return dict(sorted(_areas.items()))


def all_scopes() -> dict[str, str]:
    """Scope → what it allows, in the reader's language."""
    found: dict[str, str] = {}
    for area in api_areas().values():
        for scope in area.scopes:
            words = _("读取：%(area)s") if scope.startswith("read:") else _("写入：%(area)s")
            found[scope] = words % {"area": area.title}
    return found
