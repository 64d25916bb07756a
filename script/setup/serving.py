"""The server process: started on a port that is free, waited for until it answers, stopped without losing a request.

Beside it, once it answers, the workers that take up jobs; they are stopped after it.
"""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from folders import PROJECT, VENV_PYTHON
from programs import end_with_parent, environment
from say import CannotGoOn, tell
from working import Workers

LONGEST_START_SECONDS = 60
LONGEST_STOP_SECONDS = 15
# A home page that refuses this often will go on refusing.
REFUSALS_THAT_STAY = 3
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to


@dataclass(frozen=True)
class Address:
    """Where the server listens."""

    host: str
    port: int

    @property
    def own_host(self) -> str:
        """The host under which this machine reaches it."""
        return EVERYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        """The address for a browser on this machine."""
        host = f"[{self.own_host}]" if ":" in self.own_host else self.own_host
        return f"http://{host}:{self.port}/"


def require_free(address: Address) -> None:
    """Refuse a port that is taken: a second server on it would start without a word and take half of the requests."""
    try:
        family, kind, protocol, _name, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except OSError as fault:
        raise _refusal_to_listen(address, fault) from fault


def _refusal_to_listen(address: Address, fault: OSError) -> CannotGoOn:
    if fault.errno == errno.EADDRINUSE:
        return CannotGoOn(
            f"端口 {address.port} 已被占用，请用 --port 换一个",
            f"port {address.port} is taken; choose another with --port",
        )
    if fault.errno == errno.EACCES:
        return CannotGoOn(
            f"没有权限使用端口 {address.port}，请用 --port 换一个 1024 以上的端口",
            f"port {address.port} needs more rights; choose one above 1024 with --port",
        )
    return CannotGoOn(f"本机没有地址“{address.host}”", f'this machine has no address "{address.host}"')


def serve(address: Address, *, workers: int, job_workers: int, when_ready: Callable[[], None]) -> int:
    """Run the server and its job workers until told to stop; its exit code."""
    beside = Workers(job_workers)
    asked_to_stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: asked_to_stop.append(received))
    command = [
        VENV_PYTHON, "-P", "-m", "granian", "--interface", "wsgi", "--host", address.host, "--port", str(address.port),
        "--workers", str(workers), "--respawn-failed-workers", "--respawn-interval", "0.5", "--blocking-threads", "1", "--no-ws",
        "--log-level", "warning", "config.wsgi:application",
    ]  # fmt: skip
    # Its own group: Ctrl+C reaches this process alone, which then stops the server in order.
    server = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
    )
    try:
        if _wait_until_ready(server, address, asked_to_stop):
            if not asked_to_stop:
                beside.start()
                when_ready()
            while not asked_to_stop and server.poll() is None:
                beside.watch()
                time.sleep(0.2)
        if server.poll() is not None and not asked_to_stop:
            raise CannotGoOn(
                f"服务已意外退出（代码 {server.returncode}）",
                f"the server ended unexpectedly (code {server.returncode})",
            )
        tell("\n正在停止……", "stopping ...")
    finally:
        _stop(server)
        beside.stop()
    tell("已停止。", "Stopped.")
    return 0


def _wait_until_ready(server: subprocess.Popen[bytes], address: Address, asked_to_stop: list[int]) -> bool:
    """Whether the server answers; also waited for when it is to stop, since a signal in its first second is lost."""
    tell("· 启动服务……", "starting the server ...")
    deadline = time.monotonic() + LONGEST_START_SECONDS
    refusals = 0
    status: int | None = None
    while time.monotonic() < deadline and server.poll() is None and refusals < REFUSALS_THAT_STAY:
        status = _ask_home_page(address)
        if status == http.client.OK:
            return True
        if status is not None and asked_to_stop:
            return False
        refusals += status is not None
        time.sleep(0.1 if status is None else 0.5)
    if server.poll() is None and not asked_to_stop:
        told = ("没有应答", "no answer") if status is None else (f"应答 {status}", f"it answers {status}")
        raise CannotGoOn(f"服务没有就绪（首页{told[0]}）", f"the server did not become ready ({told[1]})")
    return False


def _ask_home_page(address: Address) -> int | None:
    """The status of the home page; None while nothing answers."""
    names = [name for name in os.environ.get("CHUANGJU_HOSTS", "").split(",") if name]
    host = "localhost" if not names or "*" in names else names[0].lstrip(".")
    connection = http.client.HTTPConnection(address.own_host, address.port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": host})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to finish what it does; then its workers too, one of which may not have heard; in the end, end it."""
    deadline = time.monotonic() + LONGEST_STOP_SECONDS
    server.terminate()
    while server.poll() is None and time.monotonic() < deadline:
        try:
            server.wait(1)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGTERM)
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
