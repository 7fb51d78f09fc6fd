"""Django settings, read from the environment once. Everything a place may change lives in packs, not here."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from shian.config.mail import mail_server
from shian.config.operation.logs import logging_config
from shian.config.settings_accounts import *  # noqa: F403

PROJECT = Path(__file__).resolve().parent.parent.parent
SHIAN_HOME = Path(os.environ.get("SHIAN_HOME", PROJECT / "var")).resolve()
SHIAN_PACKS = Path(os.environ.get("SHIAN_PACKS", PROJECT / "packs")).resolve()
SHIAN_CITY = os.environ.get("SHIAN_CITY", "langfang")
SHIAN_VITE_MANIFEST = PROJECT / "frontend" / "dist" / ".vite" / "manifest.json"

POOLED = os.environ.get("SHIAN_POOLED", "") == "1"

DEBUG = os.environ.get("SHIAN_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("SHIAN_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("SHIAN_ORIGINS", "").split(",") if origin]


def _secret_key() -> str:
    """The key of the environment, else the one that `shian up` keeps in the home folder; never a fixed one."""
    if key := os.environ.get("SHIAN_SECRET_KEY"):
        return key
    path = SHIAN_HOME / "secret_key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        import secrets

        path.parent.mkdir(parents=True, exist_ok=True)
        key = secrets.token_urlsafe(48)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(key)
        return key


def _database(url: str) -> dict[str, object]:
    """A DATABASES entry from postgres://user:password@host:port/name?host=/socket/folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// (Shian needs PostgreSQL 16 or newer).")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "shian.kernel.scope.postgresql",
        "NAME": parts.path.lstrip("/") or "shian",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # A pooler that hands connections from transaction to transaction takes neither startup options nor cursors
        # that outlive one; there the web role itself says jit=off (deploy/runbook.md).
        "OPTIONS": {} if POOLED else {"options": "-c jit=off", "prepare_threshold": 0},
        "DISABLE_SERVER_SIDE_CURSORS": POOLED,
    }


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SHIAN_FORMER_SECRET_KEYS", "").split(",") if key]
SHIAN_IS_OWNER = _OWNER = os.environ.get("SHIAN_DB_ROLE") == "owner"
_URL = os.environ.get("SHIAN_OWNER_DATABASE_URL" if _OWNER else "DATABASE_URL") or os.environ.get("DATABASE_URL")
DATABASES = {"default": _database(_URL or "postgres://shian_web@/shian?host=/nonexistent")}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    "shian.kernel.ui",
    "shian.kernel.events",
    "shian.kernel.notary",
    "shian.kernel.jobs",
    "shian.kernel.scope",
    "shian.kernel.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "shian.kernel.disclosures",
    "shian.kernel.files",
    "shian.kernel.retention",
    "shian.kernel.workdays",
    "shian.kernel.notices",
    "shian.kernel.imports",
    "shian.kernel.api",
    "shian.registers.areas",
    "shian.registers.dictionaries",
    "shian.registers.people",
    "shian.registers.products",
    "shian.registers.operators",
    "shian.engine.ledgers",
    "shian.engine.forms",
    "shian.engine.draws",
    "shian.engine.cases",
    "shian.engine.trace",
    "shian.engine.measures",
    "shian.engine.snapshots",
    "shian.engine.exchange",
    "shian.engine.reports",
    "shian.engine.archives",
    "shian.domains.census",
    "shian.domains.campaign",
    "shian.domains.fieldchecks",
    "shian.domains.duties",
    "shian.domains.selfcontrol",
    "shian.domains.tracing",
    "shian.flows",
    "shian.portals.office",
    "shian.portals.public",
    "shian.portals.assess",
    "shian.portals.field",
    "shian.portals.operator",
]

MIDDLEWARE = [
    "shian.config.operation.frames.with_room",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "shian.config.operation.requests.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shian.kernel.ui.middleware.ContentSecurityPolicyMiddleware",
    "shian.kernel.ui.middleware.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shian.kernel.disclosures.middleware.DoorMiddleware",
    "shian.kernel.api.middleware.ApiMiddleware",
    "shian.kernel.scope.middleware.BoundsMiddleware",
    "shian.kernel.ui.middleware.ActorsMiddleware",
    "shian.kernel.ui.middleware.NulMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shian.kernel.accounts.middleware.LoginRequiredMiddleware",
    "shian.kernel.accounts.middleware.SessionRulesMiddleware",
    "shian.kernel.accounts.middleware.ReadOnlyMiddleware",
    "shian.kernel.disclosures.middleware.LookMiddleware",
    "shian.kernel.scope.middleware.RefusalLogMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "shian.config.urls"
WSGI_APPLICATION = "shian.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shian.kernel.ui.context.shell",
            ],
        },
    }
]

# Letters go to the server of SHIAN_SMTP_URL; without one they lie as files in the home folder.
_MAIL = mail_server(os.environ)
EMAIL_BACKEND, EMAIL_FILE_PATH, EMAIL_TIMEOUT = _MAIL.backend, SHIAN_HOME / "mail", 20
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.host, _MAIL.port, _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, DEFAULT_FROM_EMAIL = _MAIL.uses_starttls, _MAIL.uses_ssl, _MAIL.sender
SHIAN_ADDRESS = os.environ.get("SHIAN_ADDRESS", "").rstrip("/")  # how users reach the system, for links in letters

# Hosts of the own network ("host:port") that notices may be posted to, such as a city's own chat server.
SHIAN_WEBHOOK_HOSTS = [host for host in os.environ.get("SHIAN_WEBHOOK_HOSTS", "").split(",") if host]

# Counters of attempts and used codes: shared by the processes of one machine, outside their transactions. Visitors of
# public pages are counted in memory only: their addresses are never written down, and push no other counter out.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": SHIAN_HOME / "cache"},
    "visitors": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "visitors",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PROJECT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [path for path in [PROJECT / "frontend" / "dist"] if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9A-Za-z_-]{8}\.\w+$"
MEDIA_ROOT = SHIAN_HOME / "files"
SHIAN_FILE_LIMIT = 200 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Behind TLS (SHIAN_HTTPS=1) nothing goes in the clear but what the machine itself asks: health and metrics.
SECURE_SSL_REDIRECT = IS_HTTPS and PROXIES > 0  # noqa: F405 (without a proxy to believe, it would go in circles)
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS and PROXIES else None  # noqa: F405
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0  # noqa: F405
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS  # noqa: F405
# Left to who owns the domain: a place in the browsers' lists cannot be taken back.
SECURE_HSTS_PRELOAD = os.environ.get("SHIAN_HSTS_PRELOAD") == "1"
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W021"]  # noqa: F405 (the line above)
X_FRAME_OPTIONS = "DENY"

LOGGING = logging_config(
    form=os.environ.get("SHIAN_LOG_FORMAT", "plain"), level=os.environ.get("SHIAN_LOG_LEVEL", "INFO")
)
