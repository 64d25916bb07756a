"""script/bundle: the project and all its libraries in one archive, for networks that have no registry."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from folders import PROJECT, VENV_PYTHON, require_writable
from installing import BOOTSTRAP, RUNNING, provide_environment
from preparing import provide_catalogues
from programs import refusal_for_download, run_quietly
from say import run_command, step, tell
from wheels import KIND_FILE, WHEELS, has_wheels, kind_of_machine, require_fitting_wheels

# What belongs to this machine or this installation, and what only its developers need.
LEFT_OUT = {".venv", ".git", ".ci", "var", "dist", "wheels", "__pycache__", "node_modules"}
LEFT_OUT_ENDINGS = (".pyc", ".mo", ".lock.tmp", ".new")
MEGABYTES_FOR_BUNDLE = 700
# The wheels are compressed already: more effort would take longer and save nothing.
EFFORT = 1


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Where the archive goes."""
    parser = argparse.ArgumentParser(prog="script/bundle", description="制作离线安装包 · make an offline archive")
    parser.add_argument("--output", type=Path, default=PROJECT / "dist", help="存放位置 · folder (dist/)")
    return parser.parse_args(arguments)


def project_files() -> Iterator[Path]:
    """Every file of the project that another machine needs, in a steady order."""
    for path in sorted(PROJECT.rglob("*")):
        parts = path.relative_to(PROJECT).parts
        is_hidden = any(part.startswith(".") for part in parts) and parts[0] not in {".importlinter", ".gitignore"}
        if LEFT_OUT.intersection(parts) or is_hidden or path.name.endswith(LEFT_OUT_ENDINGS):
            continue
        if path.is_file() and not path.is_symlink():
            yield path


def gather_wheels(folder: Path) -> None:
    """Download what is locked into the folder, hashes checked; a bundle hands on the wheels it came with."""
    if has_wheels():
        require_fitting_wheels()
        shutil.copytree(WHEELS, folder, dirs_exist_ok=True)
        return
    for lock in (BOOTSTRAP, PROJECT / RUNNING):
        command = [VENV_PYTHON, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        finished = run_quietly([*command, "--require-hashes", "--only-binary=:all:", "-d", folder, "-r", lock])
        if finished.code:
            raise refusal_for_download(finished)
    (folder / KIND_FILE).write_text(json.dumps(kind_of_machine()), "utf-8")


def write_archive(file: Path, wheels: Path) -> None:
    """The project and the wheels under one folder; without owners and times of this machine."""
    with (
        file.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=EFFORT, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for path in project_files():
            archive.add(path, f"chuangju/{path.relative_to(PROJECT)}", filter=_anonymous)
        for path in sorted(wheels.iterdir()):
            archive.add(path, f"chuangju/wheels/{path.name}", filter=_anonymous)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    member.mode = 0o755 if member.mode & 0o100 else 0o644
    return member


def checksum_of(file: Path) -> str:
    """SHA-256 in hex, for comparing on the other side."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def main() -> int:
    """Set up what downloading needs, gather, pack, and say how to go on."""
    chosen = parse_arguments()
    provide_environment(RUNNING)
    provide_catalogues()
    require_writable(chosen.output, megabytes=MEGABYTES_FOR_BUNDLE)
    kind = kind_of_machine()
    name = f"chuangju-{kind['system']}-{kind['processor']}-python{kind['python']}.tar.gz".lower()
    final = chosen.output / name
    with tempfile.TemporaryDirectory(dir=chosen.output, prefix=".bundle-") as folder:
        wheels = Path(folder) / "wheels"
        wheels.mkdir()
        with step("取得全部依赖", "gathering the libraries"):
            gather_wheels(wheels)
        with step("打包", "packing"):
            packed = Path(folder) / name
            write_archive(packed, wheels)
        checksum = checksum_of(packed)
        # Last and at once: whoever finds the file finds it whole.
        packed.replace(final)
    (chosen.output / f"{name}.sha256").write_text(f"{checksum}  {name}\n", "utf-8")
    size = final.stat().st_size // (1024 * 1024)
    tell(f"\n离线安装包：{final}（{size} MB）", f"bundle: {final} ({size} MB)")
    tell(f"校验值 SHA-256：{checksum}", "(also beside it, for sha256sum -c)")
    tell("在目标机器上：tar xzf 安装包 && cd chuangju && script/server", "on the target machine: the same")
    return 0


if __name__ == "__main__":
    run_command(main)
