"""What stands in deploy/ names what the program reads, and nothing else."""

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.architecture.sources import PROJECT, application_files

READ = re.compile(r'environ(?:ment)?(?:\.get\(|\[)\s*"((?:SHIAN_|DATABASE_URL)[A-Z_]*)"')
NAMED = re.compile(r"^#?\s?((?:SHIAN_|DATABASE_URL)[A-Z_]*)=", re.MULTILINE)
# Set by the program for its own processes, never by the one who runs it.
INTERNAL = {"SHIAN_DB_ROLE", "SHIAN_RELOAD", "SHIAN_PROCESS", "SHIAN_DATABASE_EMBEDDED"}
MADE_BY_THE_INSTALLER = {"tls", "shian.env", "pgbouncer.users"}  # deploy/runbook.md, first installation
BY_THE_DATABASE_ALONE = {"SHIAN_OWNER_PASSWORD", "SHIAN_WEB_PASSWORD"}


def test_the_example_of_settings_names_exactly_what_is_read() -> None:
    read = {name for path in application_files() for name in READ.findall(path.read_text(encoding="utf-8"))}
    named = set(NAMED.findall((PROJECT / "deploy" / "shian.env.example").read_text(encoding="utf-8")))

    assert named - BY_THE_DATABASE_ALONE == read - INTERNAL


def test_the_runbook_names_only_commands_that_exist() -> None:
    from shian.config.cli import app

    known = {command.name for command in app.registered_commands}
    text = (PROJECT / "deploy" / "runbook.md").read_text(encoding="utf-8")
    said = set(re.findall(r"`(?:[^`]* )?shian ([a-z]+)[ `]", text))

    assert said
    assert said <= known


def test_the_compose_file_holds_together() -> None:
    """Every dependency, volume, file and command that a service names exists."""
    folder = PROJECT / "deploy"
    told = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))
    services, volumes = told["services"], told.get("volumes") or {}
    missing: list[str] = []
    for name, service in services.items():
        missing += [f"{name}: {other}" for other in service.get("depends_on", {}) if other not in services]
        for mount in service.get("volumes", []):
            source = str(mount).partition(":")[0]
            is_ours = source.startswith("./") and source[2:] not in MADE_BY_THE_INSTALLER
            if (is_ours and not (folder / source).exists()) or (source[0] not in "./" and source not in volumes):
                missing.append(f"{name}: {source}")
    assert missing == []
    assert {"database", "web", "worker"} <= set(services)


def test_the_container_file_is_made_of_known_instructions_and_copies_what_exists() -> None:
    text = (PROJECT / "deploy" / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    known = {"ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "RUN", "USER", "VOLUME", "WORKDIR"}
    assert {line[0] for line in lines} <= known
    assert lines[0][0] in {"ARG", "FROM"}
    copied = [word for line in lines if line[0] == "COPY" and "--from" not in line[1] for word in line[1:-1]]
    assert [word for word in copied if not word.startswith("--") and not (PROJECT / word).exists()] == []


def test_no_secret_and_no_environment_of_this_machine_goes_into_the_image() -> None:
    left_out = set((PROJECT / ".dockerignore").read_text(encoding="utf-8").split())

    assert {"var", ".venv", "node_modules", ".git", *(f"deploy/{name}" for name in MADE_BY_THE_INSTALLER)} <= left_out


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx on this machine")
def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    """With a certificate of its own, and this machine in place of the container's name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=3650))
    plain = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    (tmp_path / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (tmp_path / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, plain[1], plain[0]))
    text = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/nginx/tls/", f"{tmp_path}/").replace("web:8600", "127.0.0.1:8600")
    whole = f"pid {tmp_path}/pid; error_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{text}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")

    command = ["nginx", "-t", "-q", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


def test_units_start_only_commands_that_exist() -> None:
    from shian.config.cli import app

    known = {command.name for command in app.registered_commands}
    texts = [path.read_text(encoding="utf-8") for path in (PROJECT / "deploy" / "systemd").glob("*.service")]
    said = {word for text in texts for word in re.findall(r"^ExecStart=\S*/shian (\S+)", text, re.MULTILINE)}
    assert said == {"backup", "migrate"}
    assert said <= known
