"""A table of any size, the same for the same seed: for tests and for measuring the import.

Run as `python bench/synthetic_table.py 2000 table.docx --seed 7`.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from chuangju.programme.table.writing import (  # noqa: E402 - the path above comes first
    PrintedRow,
    PrintedTable,
    table_docx,
    table_xlsx,
)

COLUMNS = (
    ("number", "序号"),
    ("category", "类别"),
    ("task", "工作任务"),
    ("lead", "牵头部门"),
    ("cooperating", "配合单位"),
    ("measures", "推进举措"),
    ("due", "完成时限"),
)
CATEGORIES = ("组织领导", "政策支持", "创业培训", "创业服务", "创业宣传", "工作创新")
UNITS = (
    "区人力资源社会保障局",
    "区财政局",
    "区科委",
    "团区委",
    "区农委",
    "区发展改革委",
    "区税务分局",
    "区经委",
    "区市场监管局",
    "区教育局",
    "区民政局",
    "区国资委",
    "区委宣传部",
)
SUBJECTS = (
    "创业担保贷款",
    "初创期扶持",
    "创业培训",
    "创业见习",
    "孵化平台",
    "创业导师",
    "服务机构",
    "创业宣传",
    "人才引进",
)
WORKS = ("政策的落实", "工作的开展", "体系的建设", "机制的完善", "资源的对接", "成效的评估")
DEEDS = ("完善办事指南", "优化审批流程", "拓宽服务渠道", "加强部门协同", "组织专题活动", "开展跟踪回访")
DUES = ("", "", "年底前", "6月30日前", "第三季度", "持续推进")


def synthetic_table(rows: int, *, seed: int = 1) -> PrintedTable:
    """So many rows in six categories, every title once, one to three measures each, all units known to the district."""
    chance = random.Random(seed)
    return PrintedTable(
        title="创业型城区创建工作指标分解表（合成）",
        headings=["附件1"],
        columns=list(COLUMNS),
        rows=[_row(number, rows, chance) for number in range(1, rows + 1)],
    )


def _row(number: int, rows: int, chance: random.Random) -> PrintedRow:
    units = chance.sample(UNITS, k=chance.randint(1, 5))
    leads = 2 if chance.random() < 0.1 and len(units) > 2 else 1
    title = f"{chance.choice(SUBJECTS)}{chance.choice(WORKS)}（第{number}项）"
    return PrintedRow(
        number=number,
        category=CATEGORIES[(number - 1) * len(CATEGORIES) // rows],
        task=title,
        lead=units[:leads],
        cooperating=units[leads:],
        measures=[_measure(chance) for _ in range(chance.choice((1, 1, 1, 2, 3)))],
        due=chance.choice(DUES) or None,
    )


def _measure(chance: random.Random) -> str:
    deeds = chance.sample(DEEDS, k=3)
    return f"{deeds[0]}，{deeds[1]}，{deeds[2]}，全年服务不少于{chance.randint(10, 900)}人次。"


def write_table(path: Path, rows: int, *, seed: int = 1) -> Path:
    """Write the table as docx or xlsx, by the ending of the path."""
    write = {".docx": table_docx, ".xlsx": table_xlsx}[path.suffix]
    path.write_bytes(write(synthetic_table(rows, seed=seed)))
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Write one table, as told on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    if asked.rows < 1 or asked.file.suffix not in {".docx", ".xlsx"}:
        parser.error("rows must be at least 1, and the file must end in .docx or .xlsx")
    print(write_table(asked.file, asked.rows, seed=asked.seed))


if __name__ == "__main__":
    main()
