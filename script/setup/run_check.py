"""script/check: lint, format, layers, types, translations, migrations; and each measurement by its name."""

from __future__ import annotations

import argparse

from checks import OF_CODE, all_checks, run_check
from installing import TESTING, provide_environment
from preparing import provide_catalogues
from say import CannotGoOn, run_command, tell


def main() -> int:
    """Run what is named; every check of the code without a name."""
    parser = argparse.ArgumentParser(
        prog="script/check", description="检查代码与指标 · checks of the code, and figures"
    )
    parser.add_argument("--list", action="store_true", help="列出全部名称 · list the names")
    parser.add_argument("name", nargs="?", help="检查的名称 · the name of a check")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="传给该检查的参数 · arguments for it")
    chosen = parser.parse_args()
    if chosen.list:
        tell("\n".join(all_checks()), "")
        return 0
    names = [chosen.name] if chosen.name else list(OF_CODE)
    if unknown := set(names) - set(all_checks()):
        raise CannotGoOn(
            f"没有名为“{unknown.pop()}”的检查，可用 --list 查看", "there is no check of that name; see --list"
        )
    provide_environment(TESTING)
    provide_catalogues()
    failed = [name for name in names if not run_check(name, chosen.rest)]
    if failed:
        tell(f"\n未通过：{'、'.join(failed)}", f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    run_command(main)
