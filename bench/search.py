"""What a search costs over twenty thousand records: the index against reading every title and text (LIKE).

`script/check search` makes the records in a folder of its own (or, with DATABASE_URL, in that database) and takes them back.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

WORDS = (
    "创业担保贷款", "初创期扶持", "房租补贴", "培训见习", "孵化基地", "导师坐诊", "高校指导站", "人才引进",
    "税费减免", "登记帮办", "路演对接", "宣传推介", "绿色通道", "场地入驻", "社会保险", "毕业生",
)  # fmt: skip
PLACES = ("浦江", "莘庄", "颛桥", "梅陇", "七宝", "虹桥", "马桥", "吴泾", "江川", "古美", "新虹", "浦锦")
QUERIES = (
    ("两字 two characters", "补贴"),
    ("一词 a word", "创业担保贷款"),
    ("两词 two words", "浦江 见习"),
    ("一字 one character", "贷"),
    ("拼音 pinyin", "pujiang"),
    ("首字母 initials", "cydbdk"),
    ("文号 a number", "2026 17318"),
    ("没有 nothing", "量子计算"),
)
ROUNDS = 15


def fill(count: int) -> Any:
    """So many saved views of one person, each with a title and a sentence; returns the person."""
    from chuangju.kernel.models import SavedView, User  # noqa: PLC0415 - after django.setup()
    from chuangju.kernel.search import index_records  # noqa: PLC0415

    chance = random.Random(7)
    user = User.objects.create(username="search-bench", name="检索基准")
    SavedView.objects.bulk_create(
        (
            SavedView(
                user=user,
                listing="bench",
                name=f"{chance.choice(PLACES)}{chance.choice(WORDS)}{number}",
                query=f"闵创办〔2026〕{number}号 {chance.choice(WORDS)}、{chance.choice(WORDS)}，{chance.choice(PLACES)}镇。"
                * 3,
            )
            for number in range(count)
        ),
        batch_size=1000,
    )
    begun = time.perf_counter()
    index_records(SavedView.objects.filter(user=user))
    print(f"indexed {count} records in {time.perf_counter() - begun:.1f} s")
    return user


def register() -> None:
    """The bench's own source, visible to its own person."""
    from chuangju.kernel.models import SavedView  # noqa: PLC0415
    from chuangju.kernel.search import SearchSource, register_search_source  # noqa: PLC0415

    register_search_source(
        SearchSource(
            key="bench.view",
            label="基准",
            model=SavedView,
            visible_to=lambda user: SavedView.objects.filter(user=user),
            title=lambda view: view.name,
            address=lambda view: f"/{view.pk}/",
            text=lambda view: view.query,
            names=lambda view: (view.name,),
        )
    )


def by_reading(user: Any, text: str) -> list[Any]:
    """The same question without an index: every word in title or text, read through, counted and put in order."""
    from django.db.models import Case, Q, When  # noqa: PLC0415

    from chuangju.kernel.models import SavedView  # noqa: PLC0415

    rows = SavedView.objects.filter(user=user)
    for word in text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(query__icontains=word))
    rows.count()
    titled = Case(
        When(name=text, then=0), When(name__startswith=text, then=1), When(name__icontains=text, then=2), default=3
    )
    return list(rows.annotate(rank=titled).order_by("rank", "-pk")[:20])


def milliseconds(call: Callable[[], Any]) -> float:
    """The median of some rounds."""
    call()
    spent = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        call()
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)


def main() -> int:
    """Print the table of figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=20_000)
    count = options.parse_args().count
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CHUANGJU_DATA"] = folder
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection, transaction  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        register()
        with transaction.atomic():
            print(f"{connection.vendor}, {count} records; ms a search, median of {ROUNDS}")
            tell(fill(count))
            transaction.set_rollback(True)
        connection.close()
    return 0


def tell(user: Any) -> None:
    """One line for each query."""
    from chuangju.kernel.search import find_records  # noqa: PLC0415

    print(f"{'':<24}{'hits':>7}{'index':>9}{'typing':>9}{'LIKE':>9}{'ratio':>8}")
    for label, text in QUERIES:
        total = find_records(text, user, limit=20).counts.get("bench.view", 0)
        full = milliseconds(partial(find_records, text, user, limit=20))
        typing = milliseconds(partial(find_records, text, user, limit=8, has_counts=False))
        read = milliseconds(partial(by_reading, user, text))
        print(f"{label:<24}{total:>7}{full:>9.1f}{typing:>9.1f}{read:>9.1f}{read / full:>8.2f}")


if __name__ == "__main__":
    sys.exit(main())
