"""script/*: what a person reads when a command cannot do its work: one sentence, nothing half done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.conftest import Run, clean_environment, copy_project, install_into, system_python

COMMANDS = ("server", "test", "chuangju", "check", "update")


def assert_one_sentence(finished: subprocess.CompletedProcess[str], chinese: str, english: str) -> None:
    """Exit code, and one line that says it in both languages."""
    assert finished.returncode == 1, finished
    lines = finished.stderr.splitlines()
    assert len(lines) == 1, finished.stderr
    assert chinese in lines[0]
    assert english in lines[0]


def path_with(folder: Path, python: str | None) -> str:
    """A PATH with what the commands themselves call, and this python3."""
    folder.mkdir()
    for program in ("sh", "readlink", "dirname"):
        (folder / program).symlink_to(str(shutil.which(program)))
    if python is not None:
        (folder / "python3").write_text(python)
        (folder / "python3").chmod(0o755)
    return str(folder)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_old_python_is_named(bare_copy: Path, run: Run, tmp_path: Path, command: str) -> None:
    old = '#!/bin/sh\ncase "$*" in *version_info*) exit 1;; *) echo 3.9.2;; esac\n'
    finished = run(bare_copy / "script" / command, PATH=path_with(tmp_path / "bin", old))
    assert_one_sentence(finished, "需要 Python 3.11 或更高版本，本机的 python3 是 3.9.2", "python3 here is 3.9.2")


def test_a_machine_without_python_is_told_so(bare_copy: Path, run: Run, tmp_path: Path) -> None:
    finished = run(bare_copy / "script" / "server", PATH=path_with(tmp_path / "bin", None))
    assert_one_sentence(finished, "本机没有 python3", "there is no python3")


def test_a_newer_python_beside_an_old_one_is_found(bare_copy: Path, run: Run, tmp_path: Path) -> None:
    path = path_with(tmp_path / "bin", "#!/bin/sh\nexit 1\n")
    (tmp_path / "bin" / "python3.11").symlink_to(Path(sys.executable).resolve())
    finished = run(bare_copy / "script" / "server", "--port", "none", PATH=path)
    assert_one_sentence(finished, "端口“none”不是", 'the port "none" is not')


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1", "８０"])
def test_a_port_that_is_none_is_refused(bare_copy: Path, run: Run, port: str) -> None:
    finished = run(bare_copy / "script" / "server", f"--port={port}")
    assert_one_sentence(finished, f"端口“{port}”不是 1 至 65535 的整数", "from 1 to 65535")


def test_a_taken_port_is_refused_before_anything_is_made(bare_copy: Path, run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        by_option = run(bare_copy / "script" / "server", "--port", port)
        by_variable = run(bare_copy / "script" / "server", PORT=port)
    for finished in (by_option, by_variable):
        assert_one_sentence(finished, f"端口 {port} 已被占用", f"port {port} is taken")
    assert not (bare_copy / ".venv").exists()
    assert not (bare_copy / "var").exists()


def test_an_address_of_another_machine_is_refused(bare_copy: Path, run: Run) -> None:
    finished = run(bare_copy / "script" / "server", "--host", "192.0.2.7")
    assert_one_sentence(finished, "本机没有地址“192.0.2.7”", 'no address "192.0.2.7"')


def test_a_link_to_the_command_and_a_closed_standard_input_are_no_matter(
    bare_copy: Path, run: Run, tmp_path: Path
) -> None:
    link = tmp_path / "启动 server"
    link.symlink_to(bare_copy / "script" / "server")
    finished = run("/bin/sh", "-c", '"$0" --port none <&-', link, cwd=tmp_path)
    assert_one_sentence(finished, "端口“none”不是", 'the port "none" is not')


def test_without_a_network_the_package_index_is_named_and_nothing_is_left(run: Run, tmp_path: Path) -> None:
    place = copy_project(tmp_path)
    unreachable = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
    finished = run(place / "script" / "server", "--port", "58999", HOME=str(tmp_path), **unreachable)
    assert_one_sentence(finished, "无法下载依赖，请检查网络", "the libraries cannot be downloaded")
    assert not (place / ".venv").exists()


def test_a_damaged_environment_is_seen(run: Run, tmp_path: Path) -> None:
    place = copy_project(tmp_path)
    install_into(place)
    asking = "import sys; sys.path.insert(0, sys.argv[1]); import installing as i; print(i.is_ready(i.RUNNING, looks_closely=True))"
    ask = (system_python(), "-Es", "-c", asking, place / "script" / "setup")
    assert run(*ask).stdout == "True\n"
    next((place / ".venv" / "lib").glob("*/site-packages/django/http/request.py")).unlink()
    assert run(*ask).stdout == "False\n"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("closed")
    place = copy_project(folder)
    for part in (place, *place.rglob("*")):
        part.chmod(0o555)
    # Root may write everywhere, so root looks at it with the eyes of nobody, who needs a way in.
    for above in (place.parent, folder, *folder.parents[:2]):
        above.chmod(0o755)
    finished = subprocess.run(
        [place / "script" / "server", "--port", "58999"],
        user="nobody" if os.geteuid() == 0 else None,
        cwd="/",
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    for part in (place, *place.rglob("*")):
        part.chmod(0o755)
    assert_one_sentence(finished, f"无法写入文件夹“{place}”", f'"{place}" cannot be written to')


def test_a_data_folder_that_is_a_file_is_named(installed_copy: Path, run: Run, tmp_path: Path, free_port: int) -> None:
    (tmp_path / "data").write_text("")
    finished = run(installed_copy / "script" / "server", "--port", str(free_port), CHUANGJU_DATA=str(tmp_path / "data"))
    assert_one_sentence(finished, f"“{tmp_path / 'data'}”不是文件夹", "is not a folder")


def test_the_same_data_is_not_prepared_twice_at_once(
    installed_copy: Path, run: Run, tmp_path: Path, free_port: int
) -> None:
    with subprocess.Popen(
        ["flock", tmp_path / "prepare.lock", "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        holder.stdin.write(b"held\n")
        holder.stdin.flush()
        assert holder.stdout.read(5) == b"held\n"
        finished = run(installed_copy / "script" / "server", "--port", str(free_port), CHUANGJU_DATA=str(tmp_path))
        holder.stdin.close()
    assert_one_sentence(finished, "另一次启动正在准备同一数据文件夹", "another start is preparing the same data folder")


def test_help_is_in_both_languages(bare_copy: Path, run: Run) -> None:
    finished = run(bare_copy / "script" / "server", "--help")
    assert finished.returncode == 0
    assert "启动创聚 · start Chuangju" in finished.stdout
