"""Policies and applicants at random, from a seed: mostly well typed, with every construct of the language now and then."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

_EDGES = (date(2024, 2, 29), date(2025, 1, 31), date(2025, 6, 15), date(2025, 12, 31))
_SIGNS = ("==", "!=", "<", "<=", ">", ">=")
Make = Callable[[], str]


class RandomPolicies:
    """Texts of expressions and policies; inside a loop over employees its fields are spoken of, and no other loop begins."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._is_inside = False

    def _pick(self, plain: tuple[str, ...], fields: tuple[str, ...], made: list[Make], depth: int, share: float) -> str:
        if depth > 3 or self.random.random() < share:
            return self.random.choice(plain + (fields if self._is_inside else ()))
        return self.random.choice(made)()

    def _loop(self, instead: str, make: Make) -> str:
        if self._is_inside:
            return instead
        self._is_inside = True
        try:
            return make()
        finally:
            self._is_inside = False

    def day(self, depth: int = 0) -> str:
        """A date."""
        plain = (
            "registered_on",
            "born_on",
            "ends_on",
            "on",
            "2024-02-29",
            "2025-01-31",
            "since",
            "at(since, registered_on)",
        )
        made: list[Make] = [
            lambda: (
                f"add_months({self.day(depth + 1)}, min({self.number(depth + 2)}, 40) * 0 + {self.random.randint(-40, 40)})"
            ),
            lambda: f"add_days({self.day(depth + 1)}, {self.random.randint(-40, 40)})",
            lambda: f"add_years({self.day(depth + 1)}, {self.random.randint(-3, 30)})",
            lambda: f"min({self.day(depth + 1)}, {self.day(depth + 1)})",
            lambda: f"({self.day(depth + 1)} if {self.yes_no(depth + 1)} else {self.day(depth + 1)})",
            lambda: self._loop("registered_on", lambda: f"max({self.day(9)} for e in employees)"),
        ]
        return self._pick(plain, ("e.hired_on", "e.hired_on"), made, depth, 0.5)

    def number(self, depth: int = 0) -> str:
        """A whole number."""
        plain = ("staff", "local_staff", "0", "1", "3", "12", "quota", "36", "-2")
        two = self.random.choice(("({} + {})", "({} - {})", "min({}, {})", "max({}, {})"))
        made: list[Make] = [
            lambda: two.format(self.number(depth + 1), self.number(depth + 1)),
            lambda: f"months_since({self.day(depth + 1)})",
            lambda: f"years_since({self.day(depth + 1)})",
            lambda: f"days_since({self.day(depth + 1)})",
            lambda: f"months_between({self.day(depth + 1)}, {self.day(depth + 1)})",
            lambda: f"days_between({self.day(depth + 1)}, {self.day(depth + 1)})",
            lambda: f"year_of({self.day(depth + 1)})",
            lambda: self._loop("1", lambda: f"count({self.yes_no(3)} for e in employees)"),
            lambda: self._loop("1", lambda: f"count({self.yes_no(3)} for e in employees if {self.yes_no(3)})"),
            lambda: self._loop("1", lambda: f"sum({self.number(4)} for e in employees if {self.yes_no(3)})"),
            lambda: "size(groups)",
            lambda: "quarter_mean(quarters)",
            lambda: "sum(q for q in latest(quarters, 3))",
            lambda: f"({self.number(depth + 1)} if {self.yes_no(depth + 1)} else {self.number(depth + 1)})",
            lambda: f"prorate({self.number(depth + 1)}, 3, 4)",
            lambda: (
                f"share_of({self.number(depth + 1)}, {self.random.choice(['share', '30%', 'by_band(ratio, staff)'])})"
            ),
        ]
        return self._pick(plain, ("e.months", "e.months"), made, depth, 0.4)

    def money(self, depth: int = 0) -> str:
        """An amount."""
        rounding = self.random.choice(("half_up", "up", "down", "half_even"))
        rate = self.random.choice(("share", "ownership", "33.33%"))
        made: list[Make] = [
            lambda: f"({self.money(depth + 1)} + {self.money(depth + 1)})",
            lambda: f"share_of({self.money(depth + 1)}, {rate}, '{rounding}')",
            lambda: f"min({self.money(depth + 1)}, {self.money(depth + 1)})",
            lambda: f"prorate({self.money(depth + 1)}, 7, 12)",
            lambda: f"deduct_in_order({self.money(depth + 1)}, tax_a, tax_b)",
            lambda: "interest(rent, 3.65%, 30, 'act/365')",
            lambda: "sum(at(wage_floor, m) for m in last_months(3))",
        ]
        return self._pick(("rent", "tax_a", "3000元", "wage_floor", "1.5万元"), ("e.wage",), made, depth, 0.5)

    def yes_no(self, depth: int = 0) -> str:
        """A condition."""
        plain = (
            *(
                "trained",
                "first_time",
                "form == 'company'",
                "form in {'company', 'individual'}",
                "number in approved",
                "true",
            ),
            *(
                "'graduate' in groups",
                "has_all(groups, {'graduate', 'veteran'})",
                "has_run(q > 3 for q in quarters, 2)",
            ),
        )
        sign, word = self.random.choice(_SIGNS), self.random.choice(("any", "all"))
        made: list[Make] = [
            lambda: f"({self.yes_no(depth + 1)} and {self.yes_no(depth + 1)})",
            lambda: f"({self.yes_no(depth + 1)} or {self.yes_no(depth + 1)})",
            lambda: f"not {self.yes_no(depth + 1)}",
            lambda: f"{self.number(depth + 1)} {sign} {self.number(depth + 1)}",
            lambda: f"{self.day(depth + 1)} {sign} {self.day(depth + 1)}",
            lambda: f"{self.money(depth + 1)} {sign} {self.money(depth + 1)}",
            lambda: f"{self.number(depth + 1)} <= {self.number(depth + 1)} < {self.number(depth + 1)}",
            lambda: f"working_days_since({self.day(depth + 1)}) {sign} {self.random.randint(0, 40)}",
            lambda: self._loop("trained", lambda: f"{word}({self.yes_no(2)} for e in employees)"),
            lambda: "year_of(on) in {2025, 2027}",
            lambda: f"ratio_at_least({self.number(depth + 1)}, {self.number(depth + 1)}, share)",
            lambda: f"{self.number(depth + 1)} in {{1, 2}}",
        ]
        return self._pick(plain, ("e.local", "has_any(e.groups, {'veteran'})"), made, depth, 0.15)

    def body(self) -> str:
        """What stands in a policy file below its head."""
        conditions = [self.yes_no() for _ in range(self.random.randint(1, 3))]
        lines = ["conditions:", *(f'- {{id: c{n}, when: "{one}", law: x}}' for n, one in enumerate(conditions))]
        lines.append(f'amount: "{self.money()}"')
        if self.random.random() < 0.3:
            lines.append(f'claim_by: "{self.day()}"')
        if self.random.random() < 0.3:
            lines.append(f'grandfathering: {{when: "{self.yes_no()}", until: "{self.day()}", law: x}}')
        return "\n".join(lines) + "\n"

    def on(self) -> date:
        """A day within the term or around it."""
        return date(2023, 6, 1) + timedelta(days=self.random.randrange(1800))

    def _maybe(self, value: Any) -> Any:
        return None if self.random.random() < 0.25 else value

    def _date(self) -> date:
        is_edge = self.random.random() < 0.4
        return (
            self.random.choice(_EDGES) if is_edge else date(2000, 1, 1) + timedelta(days=self.random.randrange(10_000))
        )

    def _employee(self) -> dict[str, Any]:
        pick = self.random
        full = {"local": pick.random() < 0.5, "hired_on": self._date(), "months": pick.randrange(40)}
        full |= {"wage": pick.randrange(10**6), "form": "company", "groups": ("veteran",)}
        return {key: self._maybe(value) for key, value in full.items()}

    def facts(self) -> dict[str, Any]:
        """An applicant, a quarter of whose facts are unknown."""
        pick = self.random
        full = {
            "registered_on": self._date(), "born_on": self._date(), "ends_on": self._date(),
            "staff": pick.randrange(120), "local_staff": pick.randrange(50), "rent": pick.randrange(10**7),
            "tax_a": pick.randrange(10**7), "tax_b": pick.randrange(10**7), "ownership": pick.randrange(10_001),
            "trained": pick.random() < 0.5, "first_time": pick.random() < 0.5,
            "form": pick.choice(["company", "individual", "cooperative"]), "number": pick.choice(["A1", "B2", "C3", "D4"]),
            "groups": tuple(pick.sample(["graduate", "veteran", "disabled", None], pick.randrange(3))),
            "quarters": tuple(self._maybe(pick.randrange(10)) for _ in range(pick.choice([0, 4, 8]))),
            "employees": tuple(self._employee() for _ in range(pick.randrange(4))),
        }  # fmt: skip
        return {key: self._maybe(value) for key, value in full.items()}

    def filled(self, facts: dict[str, Any]) -> dict[str, Any]:
        """The same applicant with some of the unknowns filled in."""
        more = self.facts()
        found = {key: more[key] if value is None else value for key, value in facts.items()}
        if facts["employees"]:
            rows = [(row, self._employee()) for row in facts["employees"]]
            found["employees"] = tuple({k: new[k] if v is None else v for k, v in row.items()} for row, new in rows)
        if facts["groups"] is not None:
            found["groups"] = tuple(one or self._maybe("veteran") for one in facts["groups"])
        return found
