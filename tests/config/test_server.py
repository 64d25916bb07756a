"""script/server and script/chuangju, run for real: from a set-up copy to an answer, and to a clean stop."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.config.conftest import Run, clean_environment, copy_data

READY = "按 Ctrl+C 停止"
pytestmark = pytest.mark.database("sqlite")


@contextmanager
def running_server(place: Path, data: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The server once it has said that it is ready, and what it said until then."""
    server = subprocess.Popen(
        [place / "script" / "server", "--port", str(port)],
        cwd="/",
        env=clean_environment({"CHUANGJU_DATA": str(data)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    said: list[str] = []
    try:
        for line in server.stdout:
            said.append(line)
            if READY in line:
                break
        yield server, said
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def ask(port: int, path: str) -> int:
    """The status with which the server under test answers."""
    with closing(http.client.HTTPConnection("localhost", port, timeout=20)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def is_free(port: int) -> bool:
    """Whether nobody listens on the port any more."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def processes_of(data: Path) -> list[int]:
    """Processes that were started with this data folder and still live."""
    wanted = f"CHUANGJU_DATA={data}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def web_workers_of(data: Path) -> list[int]:
    """The web processes that the server's own process started."""
    parents = {}
    for process in processes_of(data):
        try:
            if b"granian" in (Path("/proc") / str(process) / "cmdline").read_bytes():
                stat = (Path("/proc") / str(process) / "stat").read_text()
                parents[process] = int(stat.rpartition(")")[2].split()[1])
        except OSError:
            continue
    return [process for process, parent in parents.items() if parent in parents]


def answers_again(port: int) -> bool:
    """Whether the home page is there within half a minute."""
    for _second in range(30):
        try:
            if ask(port, "/") == http.client.OK:
                return True
        except OSError:
            pass
        time.sleep(1)
    return False


def job_workers_of(data: Path) -> list[int]:
    """The job workers among them: those that the server started, not the children in which they work."""
    found = []
    for process in processes_of(data):
        try:
            is_worker = b"config.cli\0work" in (Path("/proc") / str(process) / "cmdline").read_bytes()
            parent = (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if is_worker:
            found.append((process, int(parent)))
    return [process for process, parent in found if parent not in dict(found)]


def wait_for_worker(data: Path, *, other_than: int = 0) -> int:
    """The job worker beside the server, once it is there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = [process for process in job_workers_of(data) if process != other_than]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("no job worker")


@dataclass(frozen=True)
class FirstStart:
    """What the very first start of the server said and answered, and the data folder that it left."""

    said: str
    statuses: dict[str, int]
    code: int | None
    port: int
    data: Path


@pytest.fixture(scope="module")
def first_start(installed_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """One first start, which takes longest; other tests go on with copies of what it left."""
    data = tmp_path_factory.mktemp("first") / "数 据"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with running_server(installed_copy, data, port) as (server, said):
        statuses = {path: ask(port, path) for path in ("/", "/sign-in/")}
    return FirstStart("".join(said), statuses, server.returncode, port, data)


def test_the_first_start_sets_up_the_demo_answers_and_stops(first_start: FirstStart) -> None:
    assert f"http://127.0.0.1:{first_start.port}/" in first_start.said
    for words in ("演示账号", "office", "收集静态文件", "启动后台任务进程"):
        assert words in first_start.said
    assert first_start.statuses == {"/": http.client.OK, "/sign-in/": http.client.OK}
    assert first_start.code == 0
    assert is_free(first_start.port)
    assert processes_of(first_start.data) == []


def test_the_worker_is_started_again_and_a_second_start_does_nothing_twice(
    installed_copy: Path, first_start: FirstStart, tmp_path: Path, free_port: int
) -> None:
    data = copy_data(first_start.data, tmp_path / "数 据")
    started = time.monotonic()
    with running_server(installed_copy, data, free_port) as (server, said):
        print(f"second start: {time.monotonic() - started:.1f} s")  # noqa: T201 - a figure to look at, not to hold on a busy machine
        # What the first start did is not done again.
        assert "收集静态文件" not in "".join(said)
        assert READY in said[-1]
        assert ask(free_port, "/") == http.client.OK
        killed = wait_for_worker(data)
        os.kill(killed, signal.SIGKILL)
        assert wait_for_worker(data, other_than=killed) != killed
        # A web process that dies is replaced; the server and its job workers go on.
        for lost in web_workers_of(data):
            os.kill(lost, signal.SIGKILL)
        assert answers_again(free_port)
        assert server.poll() is None
        assert job_workers_of(data)
    assert server.returncode == 0
    assert is_free(free_port)
    assert processes_of(data) == []


def test_a_stop_in_the_first_moment_is_a_clean_stop_too(
    installed_copy: Path, first_start: FirstStart, tmp_path: Path, free_port: int
) -> None:
    data = copy_data(first_start.data, tmp_path / "data")
    server = subprocess.Popen(
        [installed_copy / "script" / "server", "--port", str(free_port)],
        env=clean_environment({"CHUANGJU_DATA": str(data)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    for line in server.stdout:
        if "启动服务" in line:
            break
    server.send_signal(signal.SIGTERM)
    rest, _nothing = server.communicate(timeout=60)
    assert "已停止" in rest
    assert READY not in rest
    assert server.returncode == 0
    assert is_free(free_port)
    assert processes_of(data) == []


def test_a_second_server_on_the_same_port_is_refused(
    installed_copy: Path, first_start: FirstStart, tmp_path: Path, free_port: int, run: Run
) -> None:
    data = copy_data(first_start.data, tmp_path / "data")
    with running_server(installed_copy, data, free_port):
        finished = run(installed_copy / "script" / "server", "--port", str(free_port), CHUANGJU_DATA=str(data))
        assert finished.returncode == 1
        assert f"端口 {free_port} 已被占用" in finished.stderr
        assert ask(free_port, "/") == http.client.OK


def test_demo_accounts_never_enter_a_database_in_use(
    installed_copy: Path, first_start: FirstStart, tmp_path: Path, free_port: int, run: Run
) -> None:
    data = {"CHUANGJU_DATA": str(copy_data(first_start.data, tmp_path / "data"))}
    finished = run(installed_copy / "script" / "server", "--port", str(free_port), **data, CHUANGJU_DEMO="0")
    assert finished.returncode == 1
    assert "演示数据库不能用于正式运行" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def test_the_command_line_reads_a_file_beside_its_caller_and_prints_nothing_else(
    installed_copy: Path, tmp_path: Path, run: Run
) -> None:
    table = "牵头部门,工作任务,推进举措\n区人社局,建立工作机制,（1）成立领导小组（2）每季度调度\n"
    (tmp_path / "任务 表.csv").write_text(
        "序号," + table.splitlines()[0] + "\n1," + table.splitlines()[1] + "\n", "utf-8"
    )
    # A folder of the caller's own with the name of one of our packages does not get in the way.
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "__init__.py").write_text("raise SystemExit('the wrong package')")
    finished = run(installed_copy / "script" / "chuangju", "table", "任务 表.csv", "--json", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["tasks"][0]["task"] == "建立工作机制"
    missing = run(installed_copy / "script" / "chuangju", "table", "没有.csv", cwd=tmp_path)
    assert missing.returncode == 2
    assert missing.stdout == ""
    assert len(missing.stderr.splitlines()) == 1


def test_the_exit_code_and_signals_are_those_of_the_command(installed_copy: Path) -> None:
    command = subprocess.Popen(
        [installed_copy / "script" / "chuangju", "--help"], env=clean_environment(), stdout=subprocess.PIPE, text=True
    )
    told, _nothing = command.communicate(timeout=60)
    assert command.returncode == os.EX_OK
    assert "chuangju" in told
