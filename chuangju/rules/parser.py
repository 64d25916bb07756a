"""Text to typed tree: Python's expression grammar, a whitelist of its nodes, and a type for every one of them.

Nothing of a text is ever run. What the grammar or the types do not take raises `Fault` with the place in the text.
"""

from __future__ import annotations

import ast
import difflib
import unicodedata

from chuangju.rules.facts import Fact
from chuangju.rules.kinds import LISTS, NUMBERS, Fault, Kind
from chuangju.rules.parser_calls import read_call
from chuangju.rules.parser_comparisons import read_comparison
from chuangju.rules.reading import Reading, Scope
from chuangju.rules.text import Prepared, prepare
from chuangju.rules.tree import (
    Add,
    And,
    Const,
    FactRef,
    Field,
    If,
    Item,
    MonthVar,
    Mul,
    Node,
    Not,
    Or,
    ParamRef,
    Sub,
    Today,
    WorkingDaysSince,
)

MAX_DEPTH = 60
_CHINESE_SIGNS = "“”‘’、。《》【】≥≤≠×÷"
# What Python's grammar says, and what an officer reads.
_SYNTAX_WORDS = {
    "was never closed": (
        "这个括号没有配上右括号；写在 { } 里的表达式有逗号时要加引号",
        "this bracket is not closed; an expression inside { } that has a comma needs quotes",
    ),
    "unmatched": ("这个括号没有配上左括号", "this bracket has not been opened"),
    "does not match": ("两个括号不是一对", "these brackets are no pair"),
    "unterminated string": ("引号没有配对", "this quotation mark is not closed"),
    "expected 'else'": ("… if … 后面要写 else …", "“… if …” needs “else …”"),
}


def parse_expression(text: str, scope: Scope) -> Node:
    """The tree of an expression; raises Fault with the position in the text."""
    prepared = prepare(text)
    if not prepared.text:
        raise Fault("表达式是空的", "the expression is empty")
    try:
        body = ast.parse(prepared.text, mode="eval").body
    except SyntaxError as problem:
        raise _unreadable(prepared, problem) from problem
    except (MemoryError, RecursionError, ValueError) as problem:
        raise Fault("表达式太复杂", "the expression is too complex") from problem
    return _Reader(scope, prepared).read(body)


def _unreadable(prepared: Prepared, problem: SyntaxError) -> Fault:
    """Where the grammar gave up, and what to write instead where that can be told."""
    before = prepared.text.encode()[: problem.offset - 1 if problem.offset else None]
    index = len(before.decode(errors="ignore"))
    zh, en = next(
        (words for part, words in _SYNTAX_WORDS.items() if part in problem.msg),
        ("表达式写法有误，这里读不下去", "the expression cannot be read from here"),
    )
    sign = prepared.text[index : index + 1]
    if sign and (unicodedata.normalize("NFKC", sign) != sign or sign in _CHINESE_SIGNS):
        zh, en = f"“{sign}”是全角符号，请改用半角", f"“{sign}” is a full-width sign; use the plain one"
    elif sign == "=":
        zh, en = "比较是否相等要写 ==", "write == to compare"
    return Fault(zh, en, prepared.original(index))


class _Reader(Reading):
    def __init__(self, scope: Scope, prepared: Prepared) -> None:
        super().__init__(scope, prepared)
        self._depth = 0

    def read(self, node: ast.AST) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.fault(node, "表达式嵌套太深", "the expression is nested too deeply")
        try:
            found = self._read(node)
        finally:
            self._depth -= 1
        if isinstance(found, WorkingDaysSince) and node not in self.compared:
            zh = "工作日天数只能直接与一个数比较，如 working_days_since(…) >= 5"
            raise self.fault(node, zh, "working days can only be compared with a number, as working_days_since(…) >= 5")
        return found

    def _read(self, node: ast.AST) -> Node:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.BoolOp():
                parts = tuple(self.read_as(one, Kind.BOOL) for one in node.values)
                return And(Kind.BOOL, parts) if isinstance(node.op, ast.And) else Or(Kind.BOOL, parts)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return read_comparison(self, node)
            case ast.IfExp():
                return self._choice(node)
            case ast.Call():
                return read_call(self, node)
            case ast.Tuple():
                zh = "这里不能有逗号；数字里的逗号请去掉"
                raise self.fault(node, zh, "no comma can stand here; write numbers without commas")
            case _:
                what = type(node).__name__
                raise self.fault(node, f"不能使用这种写法（{what}）", f"this construct is not allowed ({what})")

    def _constant(self, node: ast.Constant) -> Node:
        value = node.value
        if isinstance(value, bool):
            return Const(Kind.BOOL, value)
        if isinstance(value, int):
            if value >= 2**63:
                raise self.fault(node, "数字太大", "the number is too large")
            return Const(Kind.INT, value)
        if isinstance(value, str):
            return Const(Kind.TEXT, value)
        if isinstance(value, float):
            raise self.fault(node, "不用小数：金额写成 1.5万元，比率写成 2.5%", "no decimals: write 1.5万元 or 2.5%")
        raise self.fault(node, "不能使用这种值", "this value is not allowed")

    def _name(self, node: ast.Name) -> Node:
        name, scope = node.id, self.scope
        if name in self.prepared.literals:
            return Const(*self.prepared.literals[name])
        if name in self.loops:
            return self._loop_variable(node, self.loops[name])
        if name == "on":
            return Today(Kind.DATE)
        if name in scope.lets:
            return scope.lets[name]
        parameter = scope.parameter(name)
        if parameter is not None:
            if parameter.is_banded:
                wanted = f"by_band({name}, …)"
                raise self.fault(node, f"参数 {name} 分档，请写成 {wanted}", f"{name} has bands: write {wanted}")
            return ParamRef(parameter.kind, name)
        fact = scope.dictionary.facts.get(name)
        if fact is not None:
            return FactRef(fact.kind, fact)
        zh, en = self._nearest(name)
        raise self.fault(node, f"没有“{name}”这个数据项或参数{zh}", f"there is no fact or parameter “{name}”{en}")

    def _nearest(self, name: str) -> tuple[str, str]:
        scope = self.scope
        known = [*scope.dictionary.facts, *scope.parameters, *scope.shared.parameters, *scope.lets]
        found = difflib.get_close_matches(name, known, 1)
        return (f"，是不是“{found[0]}”？", f"; is it “{found[0]}”?") if found else ("", "")

    def _loop_variable(self, node: ast.Name, fact: Fact | None) -> Node:
        if fact is None:
            return MonthVar(Kind.DATE, node.id)
        if fact.kind is Kind.RECORDS:
            example = f"{node.id}.{next(iter(fact.fields))}"
            raise self.fault(
                node, f"请写出 {node.id} 的哪一栏，如 {example}", f"name a field of {node.id}, as {example}"
            )
        return Item(fact.items if fact.kind is Kind.INTS else Kind.TEXT)

    def _attribute(self, node: ast.Attribute) -> Node:
        fact = self.loops.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if fact is None:
            zh = "只有明细的循环变量后面可以用点"
            raise self.fault(node, zh, "a dot may only follow the loop variable of a list of records")
        name = node.attr.removesuffix("_")
        if name not in fact.fields:
            raise self.fault(node, f"{fact.name.zh}没有“{name}”这一栏", f"{fact.name.en} has no field “{name}”")
        return Field(fact.fields[name].kind, fact.fields[name])

    def _unary(self, node: ast.UnaryOp) -> Node:
        if isinstance(node.op, ast.Not):
            return Not(Kind.BOOL, self.read_as(node.operand, Kind.BOOL))
        if isinstance(node.op, ast.USub):
            part = self.read_as(node.operand, *NUMBERS)
            if isinstance(part, Const):
                return Const(part.kind, -part.value)
            return Sub(part.kind, Const(part.kind, 0), part)
        raise self.fault(node, "不能使用这种运算", "this operator is not allowed")

    def _arithmetic(self, node: ast.BinOp) -> Node:
        if not isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
            zh = "只有加、减、乘；取份额用 share_of，按比例用 prorate"
            raise self.fault(node, zh, "only + - *; use share_of or prorate to divide")
        left, right = self.read_as(node.left, *NUMBERS), self.read_as(node.right, *NUMBERS)
        if isinstance(node.op, ast.Mult):
            if Kind.INT not in {left.kind, right.kind}:
                zh = "金额乘比率请写成 share_of(金额, 比率)"
                raise self.fault(node, zh, "write share_of(amount, rate) for an amount times a rate")
            return Mul(left.kind if right.kind is Kind.INT else right.kind, left, right)
        left, right = self.alike(node, left, right)
        return Add(left.kind, left, right) if isinstance(node.op, ast.Add) else Sub(left.kind, left, right)

    def _choice(self, node: ast.IfExp) -> Node:
        condition = self.read_as(node.test, Kind.BOOL)
        yes, no = self.alike(node, self.read(node.body), self.read(node.orelse))
        if yes.kind in LISTS:
            raise self.fault(node, "不能在两个列表之间选择", "lists cannot be chosen between")
        return If(yes.kind, condition, yes, no)
