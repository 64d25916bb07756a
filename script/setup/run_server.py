"""script/server: from a bare machine to a running server, telling each step; stops cleanly when it is told to."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from folders import data_folder
from installing import RUNNING, provide_environment
from locking import one_at_a_time
from preparing import Account, Prepared, prepare_installation, provide_catalogues
from say import CannotGoOn, run_command, tell
from serving import Address, require_free, serve

HIGHEST_PORT = 65535


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Host, port and workers; the port also from PORT."""
    parser = argparse.ArgumentParser(prog="script/server", description="启动创聚 · start Chuangju")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 · address to listen on (127.0.0.1)")
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="端口 · port (8000, or PORT)")
    parser.add_argument("--workers", type=int, default=2, help="网页进程数 · web processes (2)")
    parser.add_argument("--job-workers", type=int, default=1, help="后台任务进程数 · job workers (1; 0: none here)")
    return parser.parse_args(arguments)


def read_port(text: str) -> int:
    """The port that was asked for; refuses what is none."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= HIGHEST_PORT:
        return int(text)
    raise CannotGoOn(f"端口“{text}”不是 1 至 65535 的整数", f'the port "{text}" is not a whole number from 1 to 65535')


def introduce(address: Address, prepared: Prepared) -> None:
    """What stands on the screen once the server answers."""
    tell(f"\n创聚已启动：{address.url}", f"Chuangju is ready: {address.url}")
    if prepared.accounts:
        tell(
            f"\n演示账号（密码都是 {prepared.password}）", f"demo accounts (the password of all is {prepared.password})"
        )
        width = max(len(account.username) for account in prepared.accounts)
        for account in prepared.accounts:
            print(describe(account, width), flush=True)
    tell(
        "\n可在其他终端或机器上运行 script/chuangju work 增加后台任务进程。",
        "More job workers may join: script/chuangju work.",
    )
    tell("按 Ctrl+C 停止。", "Press Ctrl+C to stop.")


def describe(account: Account, width: int) -> str:
    """One line for an account: how to sign in, who that is."""
    return f"  {account.username:<{width}}  {account.name} · {account.role}"


def main() -> int:
    """Check what can be checked at once, set up, and serve."""
    chosen = parse_arguments()
    address = Address(chosen.host, read_port(chosen.port))
    require_free(address)
    # This command is for looking at the product; a real installation says CHUANGJU_DEMO=0 and brings its own data.
    os.environ.setdefault("CHUANGJU_DEMO", "1")
    # Links in messages lead to where this server listens, unless an installation says where it is reached.
    if "CHUANGJU_ORIGINS" not in os.environ:
        os.environ.setdefault("CHUANGJU_URL", address.url)
    os.environ["CHUANGJU_DATA"] = str(data_folder())
    provide_environment(RUNNING, waits=False)
    provide_catalogues()
    prepared = prepare_installation()
    lock = Path(os.environ["CHUANGJU_DATA"]) / f"server-{address.port}.lock"
    busy = (f"端口 {address.port} 上的另一次启动正在进行", f"another start on port {address.port} is under way")
    with one_at_a_time(lock, chinese=busy[0], english=busy[1], waits=False):
        require_free(address)
        return serve(
            address,
            workers=max(1, chosen.workers),
            job_workers=max(0, chosen.job_workers),
            when_ready=lambda: introduce(address, prepared),
        )


if __name__ == "__main__":
    run_command(main)
