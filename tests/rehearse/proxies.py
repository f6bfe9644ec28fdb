"""A real nginx or Caddy before two machines, with the very file that `deploy/` gives.

Only what a shop changes is changed: the name, the certificate, the machines; and the ports and
folders, so that it needs no rights and disturbs nothing.
"""

import os
import shutil
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

import httpx

from pos.launch.asking import READY_SECONDS
from pos.launch.children import Child, Children
from tests.launch.conftest import free_ports

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "pos.example.com"

_NGINX = """pid {folder}/nginx.pid;
error_log {folder}/main.log;
{user}
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/khqr-pos.conf;
}}
"""

_CADDY = "http_port {http}\n\thttps_port {https}\n\tskip_install_trust\n\tstorage file_system {at}"


class NoProxyError(Exception):
    """The program is not here."""


class Proxy:
    """One of the two, started; `url` is where a browser goes."""

    def __init__(self, kind: str, folder: Path, hosts: Sequence[str]) -> None:
        self.kind, self._folder, self.hosts = kind, folder, hosts
        self._http, self._https = free_ports(2)
        folder.mkdir()
        self.url = f"https://localhost:{self._https}"
        self.plain_url = f"http://localhost:{self._http}"
        # Whole, as the launcher's children want it.
        self._program = shutil.which(kind) or kind
        self.command = self._write_nginx() if kind == "nginx" else self._write_caddy()

    def check(self) -> None:
        """Have the program itself judge its configuration; AssertionError tells what it said."""
        last = ["-t"] if self.kind == "nginx" else []
        first = [self._program, "validate"] if self.kind == "caddy" else []
        command = [*first, *self.command[2 if first else 0 :], *last]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        assert "warn" not in done.stderr, done.stderr

    def start(self, children: Children) -> Child:
        """Start it, and wait until the shop answers through it."""
        child = children.start(self.kind, self.command, os.environ)
        children.wait_ready(child, self._answers, READY_SECONDS)
        return child

    @property
    def authority(self) -> Path:
        """The certificate that a browser must trust."""
        own = self._folder / "shop.pem"
        return own if self.kind == "nginx" else self._folder / "pki/authorities/local/root.crt"

    def trusting(self) -> ssl.SSLContext:
        """Return what a browser knows that trusts this shop and nobody else."""
        return ssl.create_default_context(cafile=str(self.authority))

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", verify=False).status_code == 200
        except httpx.TransportError:
            return False

    def _write_nginx(self) -> list[str]:
        machines = "\n".join(f"server {at} max_fails=1 fail_timeout=5s;" for at in self.hosts)
        changes = {
            "server 127.0.0.1:5000 max_fails=1 fail_timeout=5s;": machines,
            "listen 443 ": f"listen 127.0.0.1:{self._https} ",
            "listen 80": f"listen 127.0.0.1:{self._http}",
            NAME: "localhost",
            "/etc/ssl/khqr-pos": str(self._folder),
            "/var/log/nginx": str(self._folder),
        }
        self._write(DEPLOY / "nginx" / "khqr-pos.conf", changes)
        user = "user root;" if os.geteuid() == 0 else ""
        main = self._folder / "nginx.conf"
        main.write_text(_NGINX.format(folder=self._folder, user=user))
        _certify(self._folder)
        return [self._program, "-p", str(self._folder), "-c", str(main), "-g", "daemon off;"]

    def _write_caddy(self) -> list[str]:
        ports = _CADDY.format(http=self._http, https=self._https, at=self._folder)
        changes = {
            "admin off": f"admin off\n\t{ports}",
            f"{NAME} {{": "localhost {\n\tbind 127.0.0.1",
            "127.0.0.1:5000": " ".join(self.hosts),
        }
        path = self._write(DEPLOY / "caddy" / "Caddyfile", changes)
        return [self._program, "run", "--config", str(path), "--adapter", "caddyfile"]

    def _write(self, source: Path, changes: dict[str, str]) -> Path:
        """Write the file with these changes, each of which must find its place."""
        text = source.read_text()
        for old, new in changes.items():
            assert old in text, f"{source.name} has no {old!r}"
            text = text.replace(old, new)
        path = self._folder / source.name
        path.write_text(text)
        return path


def _certify(folder: Path) -> None:
    """Make a certificate of our own for this machine's name."""
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    made += ["-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost"]
    made += ["-keyout", str(folder / "shop.key"), "-out", str(folder / "shop.pem")]
    subprocess.run(made, check=True, capture_output=True, timeout=30)


def require(kind: str) -> None:
    """Raise NoProxyError where the program is not installed."""
    if shutil.which(kind) is None:
        raise NoProxyError(f"This needs {kind}: install it (Debian: apt-get install {kind}).")
