"""Who may import what."""

from typing import Any

from django.utils.translation import gettext as _

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, Verdict, role_in
from shian.kernel.imports.specs import ImportSpec, importers

IMPORT = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT)
MANAGE_SOURCES = role_in(Role.OFFICE)


def import_into(spec: ImportSpec) -> Policy:
    """The policy of one importer: its own roles; its rows are cut by scope."""

    def policy(user: Any) -> Verdict:
        verdict = role_in(*spec.roles)(user)
        reason = _("您的角色不能导入“%(title)s”。") % {"title": spec.title}
        return Verdict(verdict.allowed, reason)

    return policy


def importers_for(user: Any) -> list[ImportSpec]:
    """The importers that the user may use."""
    return [spec for spec in importers() if import_into(spec)(user).allowed]
