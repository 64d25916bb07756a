"""演示名录 - what further policies ask of made-up enterprises and their founders: loans, talent points, taxes of some years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.columns import enum_of
from chuangju.ventures.registers.draws import Draws

Stage = Mapping[str, pl.Expr]
_YUAN = 100
_WAN = 1_000_000
_YEARS = 3
_MONTHS = 48
# Divisions of industry that the demo takes for key ones.
_KEY_DIVISIONS = ("27", "35", "37", "39", "40", "65", "73")
_SKILLS = {
    "none": 78,
    "level_5": 2,
    "level_4": 3,
    "level_3": 5,
    "level_2": 2,
    "level_1": 1,
    "middle_title": 7,
    "senior_title": 2,
}
_HONOURS = {"none": 960, "district": 25, "city": 12, "national": 3}
_SPOUSES = {"none": 35, "district": 12, "city": 18, "other": 35}


def support_stage(draws: Draws, on: date) -> Stage:
    """Columns made of those of the enterprise and the founder before."""
    turnover, heads = pl.col("turnover_year"), pl.col("heads")
    tax = pl.col("vat_due") + pl.col("income_tax_due")
    borrows = draws.chance("wants_loan", 150)
    base = draws.between("base_percent", 60, 300)
    return {
        "key_industry": pl.col("industry").cast(pl.String).str.head(2).is_in(_KEY_DIVISIONS),
        "listed": draws.chance("listed", 2) & ~pl.col("is_individual"),
        "provider_related": draws.chance("provider_related", 20),
        "team_registered": pl.lit(value=True),
        "help_registered_on": pl.when(draws.chance("helped", 120)).then(
            _before(on, pl.col("days") + draws.between("helped_days", 1, 200))
        ),
        "project_cost": pl.when(draws.chance("project", 50)).then(draws.between("cost", 5, 300) * _WAN).otherwise(0),
        "tax_paid_years": _series(draws, "tax", tax, _YEARS),
        "local_staff_years": _series(draws, "local", heads // 2, _YEARS),
        "profit_margin_years": pl.concat_list(draws.between(f"margin{n}", -1200, 2200) for n in range(_YEARS)),
        "growth_years": pl.concat_list(draws.between(f"growth{n}", -2500, 4500) for n in range(_YEARS)),
        "loan_wanted": pl.when(borrows).then(draws.between("loan_wanted", 5, 60) * _WAN).otherwise(0),
        "loan_months_wanted": pl.when(borrows).then(draws.between("loan_months", 1, 3) * 12).otherwise(0),
        "training_fee_paid": pl.when(draws.chance("paid_training", 80))
        .then(draws.between("fee", 5, 40) * 100 * _YUAN)
        .otherwise(0),
        "services_bought_year": pl.when(draws.chance("bought", 90))
        .then(turnover * draws.between("bought_share", 1, 5) // 100)
        .otherwise(0),
        "admin_fees_due": draws.between("fees", 0, 30) * 10 * _YUAN,
        "founder_self_employed_veteran": pl.col("founder_groups").list.contains("veteran")
        & draws.chance("self_employed", 700),
        "founder_consumer_loans": draws.chance("consumer_loans", 380),
        "founder_skill_level": _coded(draws, "skill", "skill_level", _SKILLS),
        "founder_honour": _coded(draws, "honour", "honour_level", _HONOURS),
        "founder_spouse_residence": _coded(draws, "spouse", "spouse_residence", _SPOUSES),
        "founder_shortage_profession": draws.chance("shortage", 70),
        "founder_fresh_graduate": draws.chance("fresh", 30),
        "founder_tax_share": pl.col("founder_share"),
        "founder_public_service_years": draws.sized("public_service", ((960, 0), (40, 8))),
        "founder_outer_area_years": draws.sized("outer_area", ((900, 0), (100, 6))),
        "founder_permit_since": pl.when(pl.col("founder_residence") == "residence_permit").then(
            _before(on, draws.between("permit", 100, 4000))
        ),
        "founder_insured_base_percents": base.repeat_by(_MONTHS),
    }


def _series(draws: Draws, name: str, value: pl.Expr, length: int) -> pl.Expr:
    return pl.concat_list(value * draws.between(f"{name}{n}", 70, 115) // 100 for n in range(length))


def _before(on: date, days: pl.Expr) -> pl.Expr:
    return (pl.lit(on).cast(pl.Int32) - days.cast(pl.Int32)).cast(pl.Date)


def _coded(draws: Draws, name: str, codes: str, weights: Mapping[str, int]) -> pl.Expr:
    return draws.choice(name, weights, enum_of(dictionary().lists[codes]))
