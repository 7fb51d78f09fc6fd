"""WSGI entry point of the web process: it has loaded every page before it answers the first request."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from shian.config.loading import undisturbed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shian.config.settings")
with undisturbed():
    application = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)
