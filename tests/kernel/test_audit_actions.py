"""Nobody reads action codes in the log: whatever the code records has a name in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

from chuangju.kernel.audit import action_label, action_labels
from tests.architecture import house

RECORDED = re.compile(r"record_event\(\s*\"([a-z_]+\.[a-z_]+)\"")


def recorded_codes() -> dict[str, Path]:
    return {code: path for path in house.python_files("chuangju") for code in RECORDED.findall(house.source_of(path))}


def test_every_recorded_action_has_a_name() -> None:
    assert {code: str(path) for code, path in recorded_codes().items() if code not in action_labels} == {}


def test_an_action_belongs_to_the_package_that_records_it() -> None:
    strangers = {
        code for code, path in recorded_codes().items() if f"/{code.partition('.')[0]}/" not in path.as_posix()
    }
    assert strangers == set()
    assert "kernel.file_attached" in recorded_codes()
    assert action_label("kernel.file_attached") == "上传附件"
