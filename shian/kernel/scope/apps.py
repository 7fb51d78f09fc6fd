from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created


class ScopeConfig(AppConfig):
    name = "shian.kernel.scope"
    label = "scope"

    def ready(self) -> None:
        from shian.kernel.scope.walls import install, work_as_system

        if settings.SHIAN_IS_OWNER:
            work_as_system()

        def told(sender: Any, connection: Any, **more: Any) -> None:
            if connection.vendor == "postgresql":
                install(connection)

        connection_created.connect(told, weak=False, dispatch_uid="shian.scope.walls")
        for connection in connections.all(initialized_only=True):
            install(connection)
