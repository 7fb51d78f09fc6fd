"""Letters go where the environment says, and nowhere else: a server of this machine takes one, or a file does."""

import socketserver
import threading
from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection

from shian.config.mail import mail_server


class Listener(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as one letter needs."""

    def handle(self) -> None:
        taken: list[str] = self.server.taken  # type: ignore[attr-defined]
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                self._say("354 go on")
                while (text := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    taken.append(text)
            elif verb in {"MAIL", "RCPT"}:
                taken.append(line)
            self._say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server() -> Iterator[socketserver.TCPServer]:
    with socketserver.TCPServer(("127.0.0.1", 0), Listener) as listening:
        listening.taken = []  # type: ignore[attr-defined]
        threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield listening
        listening.shutdown()


def test_a_letter_reaches_the_server_that_the_environment_names(server) -> None:
    found = mail_server({"SHIAN_SMTP_URL": f"smtp://127.0.0.1:{server.server_address[1]}/?from=shian@example.org"})
    connection = get_connection(found.backend, host=found.host, port=found.port, timeout=5)

    sent = EmailMessage("食安：甲", "请办理。", found.sender, ["alice@example.org"], connection=connection).send()

    assert sent == 1
    assert any("alice@example.org" in line for line in server.taken if line.upper().startswith("RCPT"))
    assert any("shian@example.org" in line for line in server.taken if line.upper().startswith("MAIL"))


def test_without_a_server_letters_lie_as_files(tmp_path) -> None:
    found = mail_server({})
    connection = get_connection(found.backend, file_path=tmp_path / "mail")

    EmailMessage("食安：甲", "请办理。", found.sender, ["alice@example.org"], connection=connection).send()

    assert len(list((tmp_path / "mail").iterdir())) == 1


@pytest.mark.parametrize(
    ("url", "port", "starttls", "ssl"),
    [
        ("smtp://mail.example.org", 25, False, False),
        ("smtp+tls://u%40e.org:p%2F%3A@mail.example.org", 587, True, False),
        ("smtps://mail.example.org:2465", 2465, False, True),
    ],
)
def test_the_scheme_decides_port_and_encryption(url: str, port: int, starttls: bool, ssl: bool) -> None:
    found = mail_server({"SHIAN_SMTP_URL": url})

    assert (found.port, found.uses_starttls, found.uses_ssl) == (port, starttls, ssl)


def test_user_and_password_are_unquoted_and_an_address_as_user_is_the_sender() -> None:
    found = mail_server({"SHIAN_SMTP_URL": "smtp+tls://u%40e.org:p%2F%3A@mail.example.org"})

    assert (found.user, found.password, found.sender) == ("u@e.org", "p/:", "u@e.org")


@pytest.mark.parametrize("url", ["http://mail.example.org", "mail.example.org:25", "smtp://"])
def test_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SHIAN_SMTP_URL"):
        mail_server({"SHIAN_SMTP_URL": url})
