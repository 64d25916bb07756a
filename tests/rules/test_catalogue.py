"""A folder of policies: versions by day, what is published stays as it is, and shared figures with line-exact faults."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from chuangju.rules.catalogue import Catalogue, find_overlaps, load_catalogue
from tests.rules.bad_policies import GOOD
from tests.rules.small import DICTIONARY, SHARED, policy_of

SIMPLE = GOOD.replace("part: {2022", "part: {2019").replace("heads: {2024", "heads: {2019")
PARAMETERS = """\
least:
  type: money
  name: {zh: 最低工资, en: Minimum wage}
  values: {2020-01-01: 2480元, 2025-07-01: {value: 2740元, source: 通知, confidence: official}}
rates: {values: {2020-01-01: {bands: [{upto: 100, value: 15%}, {value: 8%}]}}}
"""
LISTS = """\
approved: {name: 名单, codes_of: form, members: [{code: company, from: 2024-01-01, to: 2025-12-31}, {code: individual, from: 2020-01-01}]}
"""


def _folder(tmp_path: Path, **files: str) -> Catalogue:
    (tmp_path / "shared").mkdir(exist_ok=True)
    for name, text in files.items():
        place = tmp_path / "shared" if name in {"parameters", "lists"} else tmp_path
        ending = "toml" if name == "published" else "yaml"
        (place / f"{name}.{ending}").write_text(text, "utf-8")
    return load_catalogue(tmp_path, dictionary=DICTIONARY)


def _version(version: str, term: str, more: str = "") -> str:
    return SIMPLE.replace('version: "2024"', f'version: "{version}"').replace("2024-01-01 .. 2026-12-31", term) + more


def test_a_folder_is_read_with_what_it_shares(tmp_path: Path) -> None:
    found = _folder(
        tmp_path,
        a=_version("1", "2020-01-01 .. 2022-12-31"),
        b=_version("2", "2023-01-01 .."),
        parameters=PARAMETERS,
        lists=LISTS,
    )
    assert found.faults == ()
    assert found.ids == ("grant",)
    assert [one.version for one in found.versions("grant")] == ["1", "2"]
    assert found.version("grant", "1") is found.policies[0]
    assert found.version("grant", "3") is None
    assert found.latest("grant") is found.policies[1]
    assert found.latest("nothing") is None
    least = found.shared.parameters["least"]
    assert (least.words.en, least.shared, [one.value for one in least.values]) == (
        "Minimum wage",
        True,
        [248_000, 274_000],
    )
    assert (least.values[0].confidence, least.values[1].law, least.values[1].confidence) == (
        "unverified",
        "通知",
        "official",
    )
    assert found.shared.lists["approved"].on(date(2026, 1, 1)) == ("individual",)
    assert len({found, _folder(tmp_path)}) == 2


def test_a_day_has_its_version_and_grandfathering_goes_on(tmp_path: Path) -> None:
    kept = "grandfathering: {when: trained, law: 九}\n"
    found = _folder(
        tmp_path, a=_version("1", "2020-01-01 .. 2022-12-31", kept), b=_version("2", "2024-01-01 .. 2025-12-31")
    )
    days = (
        date(2019, 12, 31),
        date(2020, 1, 1),
        date(2022, 12, 31),
        date(2023, 6, 1),
        date(2024, 1, 1),
        date(2026, 1, 1),
    )
    versions = [found.version_for("grant", day) for day in days]
    assert [one.version if one else None for one in versions] == [None, "1", "1", "1", "2", "1"]
    assert [one.version for one in found.in_force(date(2024, 6, 1))] == ["2"]
    assert found.in_force(date(2019, 6, 1)) == []
    plain = _folder(tmp_path, a=_version("1", "2020-01-01 .. 2022-12-31"))
    assert plain.version_for("grant", date(2023, 6, 1)) is None


def test_versions_are_added_or_put_in_place() -> None:
    one, other = policy_of("staff > 1"), policy_of("staff > 2", term="effective: 2027-01-01 ..\n")
    catalogue = Catalogue((one,), SHARED, DICTIONARY)
    assert catalogue.with_policies([other]).policies == (one, other)
    again = policy_of("staff > 3")
    assert catalogue.with_policies([again]).policies == (again,)


def test_two_files_of_one_version_and_versions_that_overlap(tmp_path: Path) -> None:
    found = _folder(tmp_path, a=SIMPLE, b=SIMPLE, c=_version("2", "2026-12-31 .."))
    told = {one.file: (one.line, one.words.zh) for one in found.faults}
    assert told["b.yaml"] == (1, "grant@2024 已有另一个文件：a.yaml")
    assert told["c.yaml"] == (7, "grant@2 与 grant@2024 的有效期重叠（2024-01-01 至 2026-12-31）")
    assert "overlap" in found.faults[-1].words.en
    open_end = [
        policy_of("staff > 1", term="effective: 2024-01-01 ..\n"),
        policy_of("staff > 1", term="effective: 2030-01-01 ..\n"),
    ]
    assert "长期" in find_overlaps(open_end)[0].words.zh
    assert find_overlaps([policy_of("staff > 1"), policy_of("staff > 1", term="effective: 2027-01-01 ..\n")]) == []


def test_what_is_published_stays_as_it_is(tmp_path: Path) -> None:
    digest = hashlib.sha256(SIMPLE.encode()).hexdigest()
    published = f'["grant@2024"]\nsha256 = "{digest}"\n'
    assert _folder(tmp_path, a=SIMPLE, published=published).faults == ()
    changed = _folder(tmp_path, a=SIMPLE.replace("30%", "31%"), published=published)
    assert [(one.file, one.words.zh) for one in changed.faults] == [
        ("a.yaml", "grant@2024 已经发布，文字不能再改；请另立新版本")
    ]
    assert changed.policies == ()
    (tmp_path / "a.yaml").unlink()
    assert [one.words.zh for one in _folder(tmp_path).faults] == ["已发布的 grant@2024 没有文件"]


@pytest.mark.parametrize(
    ("text", "zh"), [("[broken", "发布登记读不出来"), ('"grant@2024" = 3\n', "已经发布，文字不能再改")]
)
def test_a_register_of_published_versions_that_is_broken_is_told(tmp_path: Path, text: str, zh: str) -> None:
    assert zh in _folder(tmp_path, a=SIMPLE, published=text).faults[0].words.zh


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    for place in ("a.yaml", "shared/parameters.yaml"):
        (tmp_path / place).write_bytes(b"\xff\xfe\x00")
    found = load_catalogue(tmp_path, dictionary=DICTIONARY)
    assert [(one.file, one.words.zh) for one in found.faults] == [
        ("shared/parameters.yaml", "文件读不出来，或不是 UTF-8"),
        ("a.yaml", "文件读不出来，或不是 UTF-8"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "line", "column", "zh"),
    [
        ("parameters", "- a\n", 1, 1, "这个文件要写成 名称: {…}"),
        ("parameters", "least: 3\n", 1, 8, "参数 least 要有 values"),
        ("parameters", "least: {value: 3}\n", 1, 8, "参数 least 要有 values"),
        ("parameters", "least: {values: 3}\n", 1, 17, "要写明每个数值从哪天起"),
        ("parameters", "least: {values: {2020-01-01: 3}, nmae: x}\n", 1, 34, "不认识“nmae”，是不是“name”？"),
        (
            "parameters",
            "least: {values: {2020-01-01: 3元}, type: int}\n",
            1,
            41,
            "参数 least 写明是 int，数值却是 money",
        ),
        ("parameters", "least: {values: {2020-01-01: 3}, type: number}\n", 1, 40, "“number”应为 bool、int"),
        ("parameters", "staff: {values: {2020-01-01: 3}}\n", 1, 1, "“staff”这个名称已经用了"),
        ("parameters", "on: {values: {2020-01-01: 3}}\n", 1, 1, "“on”这个名称已经用了"),
        ("parameters", "Least: {values: {2020-01-01: 3}}\n", 1, 1, "“Least”不能作名称"),
        ("parameters", "least: {values: {2020-02-30: 3}}\n", 1, 18, "这一天不存在"),
        ("parameters", "least: &a {}\n", 1, 8, "不能使用锚点"),
        ("lists", "approved: 3\n", 1, 11, "名单 approved 要有 members"),
        ("lists", "approved: {members: 3}\n", 1, 11, "名单 approved 要有 members"),
        ("lists", "approved: {members: [a]}\n", 1, 22, "名单成员写成 {code: …, from: …, to: …}"),
        ("lists", "approved: {members: [{code: a}]}\n", 1, 22, "名单成员写成"),
        ("lists", "approved: {members: [{code: a, from: 2020-02-30}]}\n", 1, 38, "这一天不存在"),
        ("lists", "approved: {members: [{code: a, from: 2020-02-01, to: 2020-01-01}]}\n", 1, 54, "止日早于起日"),
        ("lists", "approved: {members: [{code: a, from: 2020-02-01, until: 2021-01-01}]}\n", 1, 50, "不认识“until”"),
        (
            "lists",
            "approved: {codes_of: form, members: [{code: firm, from: 2020-02-01}]}\n",
            1,
            45,
            "“firm”不在主体类型的代码里",
        ),
        (
            "lists",
            "approved: {codes_of: shape, members: [{code: firm, from: 2020-02-01}]}\n",
            1,
            22,
            "没有“shape”这个数据项",
        ),
        ("lists", "approved: {memebrs: [], members: []}\n", 1, 12, "不认识“memebrs”"),
    ],
)
def test_a_slip_in_what_is_shared_is_told_where_it_stands(
    tmp_path: Path, name: str, text: str, line: int, column: int, zh: str
) -> None:
    faults = [(one.file, one.line, one.column, one.words.zh) for one in _folder(tmp_path, **{name: text}).faults]
    assert [one for one in faults if one[:3] == (f"shared/{name}.yaml", line, column) and zh in one[3]], faults


def test_a_folder_with_nothing_in_it_is_an_empty_catalogue(tmp_path: Path) -> None:
    found = load_catalogue(tmp_path, dictionary=DICTIONARY)
    assert (found.policies, found.faults, found.ids) == ((), (), ())
