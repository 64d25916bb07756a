"""提示条 - sentences about the reader that stand above every page of the staff side; packages above register them."""

from __future__ import annotations

from collections.abc import Callable

from chuangju.kernel.registry import Registry
from chuangju.ui.menus import MenuContext

shell_notices: Registry[str, Callable[[MenuContext], list[str]]] = Registry("shell_notices")


def register_shell_notice(key: str, tell: Callable[[MenuContext], list[str]]) -> None:
    """Let every page of the staff side say what `tell` answers; it must not cost a query of its own."""
    shell_notices.register(key, tell)


def notices_for(context: MenuContext) -> list[str]:
    """What there is to say to this reader."""
    return [sentence for tell in shell_notices.values() for sentence in tell(context)]
