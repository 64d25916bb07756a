"""chuangju policies and chuangju explain: the catalogue and its answers, with neither a database nor the web application."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.catalogue import REGISTRY, Catalogue, find_overlaps, load_catalogue
from chuangju.rules.examples import ExampleResult, run_examples
from chuangju.rules.explain import Explanation, explain, explain_all
from chuangju.rules.facts import FIRST_DAY, LAST_DAY
from chuangju.rules.parameters import Shared
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import PolicyFaults, parse_policy
from chuangju.rules.saying_values import say_gap, say_value
from chuangju.rules.schema import policy_schema
from chuangju.ventures.registers import dictionary
from config.facts_files import facts_from
from config.own_policies import whole_catalogue
from config.refusing import REFUSED, CommandRefused, OneSentenceParser, place_of

FOUND = 1
_VERDICTS = {
    "eligible": "可享",
    "not_yet": "到时可享",
    "near_miss": "还差一步",
    "unknown": "需补充信息",
    "not_eligible": "不符合",
}
_ANSWERS = {"yes": "✓", "no": "✗", "unknown": "？"}


def run(command: str, arguments: Sequence[str]) -> int:
    """Run one of the two; what cannot be done is one sentence on the error stream."""
    try:
        if command == "policies":
            code = _run_policies(_policies_parser().parse_args(arguments))
        else:
            code = _run_explain(_explain_parser().parse_args(arguments))
        sys.stdout.flush()
    except CommandRefused as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _policies_parser() -> argparse.ArgumentParser:
    parser = OneSentenceParser(
        prog="chuangju policies", description="列出政策目录，核对每个文件和范例；有误时退出码为 1"
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="政策文件或目录（默认：随产品提供的目录）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--schema", action="store_true", help="输出政策文件的 JSON Schema，供编辑器提示和检查")
    parser.add_argument("--seal", action="store_true", help="把尚未登记的版本记入 published.toml，此后文字不能再改")
    return parser


def _explain_parser() -> argparse.ArgumentParser:
    parser = OneSentenceParser(prog="chuangju explain", description="政策对某人某企业的答复，逐条说明")
    parser.add_argument("policy", metavar="POLICY", nargs="?", help="政策标识、“标识@版本”或政策文件；不写则为全部")
    parser.add_argument("--facts", metavar="FILE", required=True, help="数据项文件（JSON）；- 为标准输入")
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="按哪一天测算（默认今天）")
    parser.add_argument("--catalogue", metavar="DIR", type=Path, help="使用另一个政策目录")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    return parser


def catalogue_in(folder: Path | None) -> Catalogue:
    """The catalogue of a folder, or the shipped one with the district's own files; raises CommandRefused."""
    if folder is None:
        return whole_catalogue()
    if not folder.is_dir():
        raise CommandRefused(f"没有目录 {folder}")
    return load_catalogue(folder, dictionary=dictionary())


def policy_from(file: Path, shared: Shared | None = None) -> Policy:
    """The policy of one file, with these shared parameters and lists or the shipped ones; raises CommandRefused."""
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as problem:
        raise CommandRefused(f"读不了政策文件 {file}：{place_of(problem)}不是 UTF-8 文本") from problem
    except OSError as problem:
        raise CommandRefused(f"读不了政策文件 {file}：文件不存在或不能读取") from problem
    try:
        held = shipped_catalogue().shared if shared is None else shared
        return parse_policy(text, dictionary=dictionary(), shared=held, file=file.name)
    except PolicyFaults as problem:
        raise CommandRefused("；".join(one.sentence() for one in problem.faults[:5])) from problem


def day_of(text: str | None) -> date:
    """The day asked about; raises CommandRefused."""
    if text is None:
        return date.today()  # noqa: DTZ011 - the day of whoever runs the command
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError as problem:
        raise CommandRefused(f"“{text[:40]}”这一天不存在") from problem
    if day is None:
        raise CommandRefused(f"“{text[:40]}”不是日期，请写成 2026-03-01")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise CommandRefused(f"测算日应在 {FIRST_DAY} 至 {LAST_DAY} 之间")
    return day


def chosen_policy(catalogue: Catalogue, name: str, day: date) -> Policy:
    """The policy of an id, an id@version or a file; raises CommandRefused."""
    if name.endswith((".yaml", ".yml")):
        return policy_from(Path(name), catalogue.shared)
    policy_id, _, version = name.partition("@")
    found = catalogue.version(policy_id, version) if version else catalogue.version_for(policy_id, day)
    if found is None and policy_id not in catalogue.ids:
        faults = [one.sentence() for one in catalogue.faults if one.file.startswith(policy_id)]
        raise CommandRefused(faults[0] if faults else f"没有政策“{name[:60]}”；chuangju policies 列出全部政策")
    if found is None:
        raise CommandRefused(f"政策“{name[:60]}”在 {day} 没有有效的版本")
    return found


def _run_policies(options: argparse.Namespace) -> int:
    if options.schema:
        print(json.dumps(policy_schema(dictionary()), ensure_ascii=False, indent=2))
        return 0
    # Sealing is about the shipped files; the district's own are published in the database.
    catalogue = shipped_catalogue() if options.seal and not options.paths else _catalogue_of(options.paths)
    results = {one.key: run_examples(one) for one in catalogue.policies}
    if options.seal:
        _seal(catalogue, results, options.paths)
    if options.json:
        print(json.dumps(_listed(catalogue, results), ensure_ascii=False, indent=2))
    else:
        _print_list(catalogue, results)
    has_failed = any(not result.has_passed for found in results.values() for result in found)
    return FOUND if catalogue.faults or has_failed else 0


def _catalogue_of(paths: Sequence[Path]) -> Catalogue:
    if not paths:
        return whole_catalogue()
    if len(paths) == 1 and paths[0].is_dir():
        return catalogue_in(paths[0])
    policies, faults = [], []
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandRefused(f"读不了政策文件 {path}：不存在，或不是 UTF-8 文本") from problem
        try:
            shared = shipped_catalogue().shared
            policies.append(parse_policy(text, dictionary=dictionary(), shared=shared, file=path.name))
        except PolicyFaults as problem:
            faults += problem.faults
    faults += find_overlaps(policies)
    return Catalogue(tuple(policies), shipped_catalogue().shared, dictionary(), tuple(faults))


def _listed(catalogue: Catalogue, results: dict[str, list[ExampleResult]]) -> dict[str, Any]:
    policies = [
        {
            "id": one.id,
            "version": one.version,
            "title": one.title.as_json(),
            "rows": list(one.rows),
            "effective": [one.effective_from.isoformat(), one.effective_to.isoformat() if one.effective_to else None],
            "confidence": one.confidence,
            "examples": len(results[one.key]),
            "passed": sum(result.has_passed for result in results[one.key]),
        }
        for one in catalogue.policies
    ]
    faults = [
        {"file": one.file, "line": one.line, "column": one.column, "text": one.words.zh} for one in catalogue.faults
    ]
    failed = [
        {"policy": key, "line": result.example.line, "text": [words.zh for words in result.differences]}
        for key, found in results.items()
        for result in found
        if not result.has_passed
    ]
    return {"policies": policies, "faults": faults, "failed_examples": failed}


def _print_list(catalogue: Catalogue, results: dict[str, list[ExampleResult]]) -> None:
    for one in catalogue.policies:
        found = results[one.key]
        rows = "、".join(str(row) for row in one.rows)
        term = f"{one.effective_from} 至 {one.effective_to or '长期'}"
        passed = f"{sum(result.has_passed for result in found)}/{len(found)}"
        print(f"{one.key:<44} {one.confidence:<10} 范例 {passed:<6} {term:<24} 任务 {rows:<8} {one.title.zh}")
    ids = len(catalogue.ids)
    print(f"\n{ids} 项政策，{len(catalogue.policies)} 个版本，{sum(map(len, results.values()))} 个范例")
    for fault in catalogue.faults:
        print(fault.sentence(), file=sys.stderr)
    for policy in catalogue.policies:
        for result in results[policy.key]:
            for words in result.differences:
                print(f"{policy.file}：第 {result.example.line} 行的范例：{words.zh}", file=sys.stderr)


def _seal(catalogue: Catalogue, results: dict[str, list[ExampleResult]], paths: Sequence[Path]) -> None:
    """Enter versions that are not in the register yet; what stands there stays as it is. Only all of a faultless folder."""
    from chuangju.policies.catalogue import FOLDER  # noqa: PLC0415 - only here

    file = (paths[0] if paths else FOLDER) / REGISTRY
    if not file.parent.is_dir():
        raise CommandRefused("--seal 要用于一个目录")
    if catalogue.faults:
        raise CommandRefused(f"目录有误，没有登记：{catalogue.faults[0].sentence()}")
    failed = [key for key, found in results.items() if not all(result.has_passed for result in found)]
    if failed:
        raise CommandRefused(f"范例没有全部通过，没有登记：{'、'.join(failed[:5])}")
    held = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    held |= {one.key: {"sha256": one.sha256} for one in catalogue.policies if one.key not in held}
    lines = ["# 已发布的版本及其文字的校验值；登记后文字不能再改，要改请另立新版本。"]
    lines += [f'\n["{key}"]\nsha256 = "{held[key]["sha256"]}"' for key in sorted(held)]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def _run_explain(options: argparse.Namespace) -> int:
    day, facts = day_of(options.on), facts_from(options.facts)
    catalogue = catalogue_in(options.catalogue)
    if options.policy is None:
        found = explain_all(catalogue, facts, on=day)
        if options.json:
            print(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2))
        else:
            print("\n".join(_headline(one) for one in found))
        return 0
    explanation = explain(chosen_policy(catalogue, options.policy, day), facts, on=day)
    if options.json:
        print(json.dumps(explanation.as_json(), ensure_ascii=False, indent=2))
    else:
        print(_told(explanation))
    return 0


def _headline(one: Explanation) -> str:
    amount = ""
    if one.amount is not None and one.policy.amount_kind is not None:
        amount = say_value(one.amount, one.policy.amount_kind, None).zh
    more = f"自 {one.from_day} 起" if one.from_day else f"还需：{'、'.join(one.missing)}" if one.missing else ""
    return f"{_VERDICTS[one.verdict]:<6} {one.policy.title.zh}（{one.policy.key}） {amount} {more}".rstrip()


def _told(one: Explanation) -> str:
    lines = [
        _headline(one),
        f"测算日 {one.on}；依据：{one.policy.source.document} {one.policy.source.number}（{one.policy.confidence}）",
    ]
    for answer in one.conditions:
        condition = answer.program.condition
        short = f"；差 {say_gap(answer.gap.short_by, answer.gap.unit).zh}" if answer.gap else ""
        when = f"；自 {answer.from_day} 起满足" if answer.from_day else ""
        lines.append(
            f"  {_ANSWERS[answer.verdict]} {condition.label.zh}：{answer.sentence.zh}{short}{when}（{condition.law}）"
        )
    if one.formula is not None and one.amount is not None:
        lines.append(f"  金额：{one.formula.zh}")
    for step in one.steps:
        gain = (
            f"，多 {say_value(step['gain'], one.policy.amount_kind, None).zh}"
            if step["gain"] and one.policy.amount_kind
            else ""
        )
        lines.append(f"  再进一步：{step['label']['zh']} → {_VERDICTS[step['verdict']]}{gain}")
    lines.append("测算，以审核结果为准。")
    return "\n".join(lines)
