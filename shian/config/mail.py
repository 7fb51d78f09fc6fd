"""Where letters go: the SMTP server that the environment names, else files in the home folder, so that none leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """What SHIAN_SMTP_URL says: smtp (plain), smtp+tls (STARTTLS) or smtps, user and password, ?from= the sender."""

    backend: str
    sender: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    scheme: str = ""

    @property
    def uses_starttls(self) -> bool:
        return self.scheme == "smtp+tls"

    @property
    def uses_ssl(self) -> bool:
        return self.scheme == "smtps"


def mail_server(environment: Mapping[str, str]) -> MailServer:
    """The server of SHIAN_SMTP_URL, or the folder of files. Raises ImproperlyConfigured for another kind of address."""
    url = environment.get("SHIAN_SMTP_URL", "")
    if not url:
        return MailServer("django.core.mail.backends.filebased.EmailBackend", "shian@localhost")
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured("SHIAN_SMTP_URL must begin with smtp://, smtp+tls:// or smtps:// and name a host.")
    user = unquote(parts.username or "")
    return MailServer(
        "django.core.mail.backends.smtp.EmailBackend",
        parse_qs(parts.query).get("from", [user if "@" in user else f"shian@{parts.hostname}"])[0],
        parts.hostname,
        parts.port or PORTS[parts.scheme],
        user,
        unquote(parts.password or ""),
        parts.scheme,
    )
