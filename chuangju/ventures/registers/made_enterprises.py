"""演示名录 - enterprises and their founders, made up column by column; nobody in it exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.columns import enum_of, schema
from chuangju.ventures.registers.credit_codes import BASE, COUNTED, made_code
from chuangju.ventures.registers.draws import PER_MILLE, Draws
from chuangju.ventures.registers.made_words import (
    CODE_STARTS,
    EDUCATION,
    ENTITY_TYPES,
    FIRST_SIGNS,
    GROUPS,
    INDUSTRIES,
    NAME_ENDS,
    RESIDENCE,
    SECOND_SIGNS,
    TOWNS,
    TRADES,
)

YEAR_DAYS = 365
_OF_AGE = 18 * YEAR_DAYS
# Two letters of an organisation code that mark it as made up; signs after them are counted up.
_MADE_UP = "XX"
_STRIDE = 472_882_027
_INCUBATORS = 24
_YUAN = 100
_WAN = 1_000_000
# Days since registration: four in ten enterprises are younger than three years.
_AGES = ((150, 365), (140, 730), (120, 1095), (190, 2190), (200, 3650), (150, 6570), (50, 9125))
_HEADS = ((180, 0), (200, 1), (170, 2), (130, 3), (100, 4), (140, 8), (65, 20), (15, 60))
_SALES_EACH = ((300, 60), (400, 200), (250, 600), (50, 3000))

# Below so many staff or so much turnover (ten thousand yuan): rougher than the statistical classes.
_SIZES = (("micro", 10, 50), ("small", 100, 500), ("medium", 300, 5000))

Stage = Mapping[str, pl.Expr]


def enterprise_stages(draws: Draws, on: date) -> Iterator[Stage]:
    """Columns in the order in which they are made: each stage may use those before it."""
    day = pl.lit(on)
    yield {
        "entity_type": _coded(draws, "entity_type", "entity_type", ENTITY_TYPES),
        "days": draws.sized("days", _AGES),
        "heads": draws.sized("heads", _HEADS),
        "town": _coded(draws, "town", "town", TOWNS),
        "industry": _coded(draws, "industry", "industry", INDUSTRIES),
        "is_startup_minded": draws.chance("is_startup_minded", 250),
        "sales_each": draws.sized("sales_each", _SALES_EACH),
    }
    yield {
        "id": _credit_code(draws),
        "name": _name(draws),
        "registered_on": _before(day, pl.col("days")),
        "status": _coded(
            draws, "status", "registration_status", {"active": 93, "closed": 4, "revoked": 2, "moved_out": 1}
        ),
        "staff_count": pl.col("heads") + draws.sized("dispatched", ((850, 0), (120, 3), (30, 10))),
        "turnover_year": (pl.col("heads") + 1) * pl.col("sales_each") * _YUAN * draws.between("sales", 600, 1400),
        "is_individual": pl.col("entity_type") == "individual_business",
    }
    yield {**_enterprise(draws), "closed_on": _closed_on(draws, day)}
    yield {**_taxes(draws), **_support(draws, day)}


def _enterprise(draws: Draws) -> Stage:
    turnover, staff = pl.col("turnover_year"), pl.col("staff_count")
    assets = turnover * draws.between("assets", 30, 180) // 100
    size = pl.lit("large")
    for name, most_staff, most_sales in reversed(_SIZES):
        size = pl.when((staff < most_staff) | (turnover < most_sales * _WAN)).then(pl.lit(name)).otherwise(size)
    is_small_scale = pl.col("is_individual") | (turnover < 500 * _WAN)
    return {
        "restricted_trade": draws.chance("restricted_trade", 30),
        "labour_dispatch": draws.chance("labour_dispatch", 10),
        "size_class": size.cast(schema()["size_class"]),
        "staff_quarters": pl.concat_list(_near(draws, f"staff{n}", staff) for n in range(8)),
        "asset_quarters": pl.concat_list(_near(draws, f"asset{n}", assets) for n in range(8)),
        "assets_total": assets,
        "turnover_month": turnover // 12,
        "taxable_income": turnover * draws.between("margin", 0, 18) // 100,
        "vat_payer": pl.when(is_small_scale)
        .then(pl.lit("small_scale"))
        .otherwise(pl.lit("general"))
        .cast(schema()["vat_payer"]),
        "legal_person": ~pl.col("entity_type").is_in(["individual_business", "branch"]),
        "operating": pl.col("status") == "active",
        "dishonest": draws.chance("dishonest", 12),
        "bad_credit": draws.chance("bad_credit", 20),
        "violations": draws.chance("violations", 8),
        "proper_accounts": draws.chance("proper_accounts", 880),
        "tax_registered": draws.chance("tax_registered", 970),
    }


def _taxes(draws: Draws) -> Stage:
    rate = pl.when(pl.col("vat_payer") == "small_scale").then(100).otherwise(350)
    vat = pl.col("turnover_year") * rate // 10_000
    urban = vat * 7 // 100
    return {
        "vat_due": vat,
        "urban_tax_due": urban,
        "education_surcharge_due": vat * 3 // 100,
        "local_education_surcharge_due": vat * 2 // 100,
        "income_tax_due": pl.col("taxable_income") * draws.between("income_tax", 5, 10) // 100,
        "six_taxes_due": urban + vat * 5 // 100 + pl.col("turnover_year") * 3 // 10_000,
        "tax_quarterly": pl.col("vat_payer") == "small_scale",
        "tax_months_this_year": pl.min_horizontal(pl.lit(12, dtype=pl.Int64), pl.col("days") // 30 + 1),
        "rd_expense_year": pl.when(draws.chance("does_research", 180))
        .then(pl.col("turnover_year") * draws.between("research", 1, 12) // 100)
        .otherwise(0),
    }


def _support(draws: Draws, day: pl.Expr) -> Stage:
    incubated = draws.chance("incubated", 160) & (pl.col("days") < 5 * YEAR_DAYS)
    invested = draws.chance("invested", 30) & ~pl.col("is_individual")
    first = (
        pl.when(invested).then(draws.sized("first_round", ((400, 200), (400, 1000), (200, 4000))) * _WAN).otherwise(0)
    )
    grades = {"national": 15, "city_a": 15, "city_b": 20, "city_c": 20, "district": 30}
    return {
        "incubator": pl.when(incubated)
        .then(pl.format("incubator_{}", draws.between("incubator", 1, _INCUBATORS).cast(pl.String).str.zfill(2)))
        .otherwise(pl.lit("none")),
        "incubator_grade": pl.when(incubated)
        .then(_coded(draws, "incubator_grade", "incubator_grade", grades))
        .otherwise(pl.lit("none").cast(schema()["incubator_grade"])),
        "incubated_from": pl.when(incubated).then(_before(day, draws.within("incubated_from", pl.col("days") + 120))),
        "site_fee_paid": pl.when(incubated).then(draws.between("site_fee", 0, 180) * 100 * _YUAN).otherwise(0),
        "desk_fee_month": pl.when(incubated).then(draws.between("desk_fee", 4, 30) * 100 * _YUAN).otherwise(0),
        "first_round_investment": first,
        "total_investment": first * draws.between("rounds", 1, 3),
        "invested_on": pl.when(invested).then(_before(day, draws.within("invested_on", pl.col("days")))),
        "contract_value": pl.when(draws.chance("contract", 60))
        .then(draws.between("contract_value", 1, 150) * _WAN)
        .otherwise(0),
        "core_team": pl.min_horizontal(pl.col("heads") + 1, draws.between("core_team", 1, 7)),
        "high_tech": draws.chance("high_tech", 40) & ~pl.col("is_individual"),
        "tech_sme": draws.chance("tech_sme", 70) & ~pl.col("is_individual"),
        "rent_months_granted": pl.when(draws.chance("rent_granted", 60))
        .then(draws.between("rent_months", 1, 24))
        .otherwise(0),
        "voucher_used_year": pl.when(draws.chance("voucher", 20))
        .then(draws.between("voucher_used", 1, 30) * _WAN)
        .otherwise(0),
    }


def founder_stages(draws: Draws, on: date) -> Iterator[Stage]:
    """The founder of each enterprise."""
    day = pl.lit(on)
    young = pl.col("days") + _OF_AGE
    ages = ((40, 21), (320, 30), (350, 40), (220, 52), (70, 66))
    yield {
        "founder_age_days": pl.max_horizontal(young, draws.sized("founder_age", ages) * YEAR_DAYS)
        + draws.below("founder_birthday", YEAR_DAYS),
        "founder_groups": draws.pick("founder_groups", pl.Series(GROUPS, dtype=schema()["founder_groups"])),
        "founder_residence": _coded(draws, "founder_residence", "residence", RESIDENCE),
        "founder_education": _coded(draws, "founder_education", "education", EDUCATION),
    }
    age, groups = pl.col("founder_age_days"), pl.col("founder_groups")
    is_unemployed = groups.list.contains("registered_unemployed")
    studied = pl.col("founder_education") != "below_college"
    graduated = age - 22 * YEAR_DAYS - draws.below("graduated", 2 * YEAR_DAYS)
    unemployed = pl.col("days") + draws.between("unemployed", 30, 700)
    yield {
        "founder_born_on": _before(day, age),
        "founder_graduated_on": pl.when(studied & (age > 24 * YEAR_DAYS)).then(_before(day, graduated)),
        "founder_student": (age < 25 * YEAR_DAYS) & draws.chance("student", 400),
        "founder_school_local": draws.chance("school_local", 560),
        "founder_unemployed_since": pl.when(is_unemployed).then(_before(day, unemployed)),
        "founder_share": pl.when(pl.col("is_individual")).then(10_000).otherwise(draws.between("share", 5, 100) * 100),
        "founder_first_venture": draws.chance("first_venture", 780),
        "founder_dishonest": draws.chance("founder_dishonest", 10),
        "founder_bad_credit": draws.chance("founder_bad_credit", 25),
        "founder_training_certificate": draws.chance("training", 220),
        "founder_insured_years": pl.min_horizontal(
            pl.max_horizontal(age // YEAR_DAYS - 20, pl.lit(0, dtype=pl.Int64)), draws.between("insured_years", 0, 20)
        ),
        "legal_representative": draws.chance("representative", 900),
        "founder_pensioned": age > 62 * YEAR_DAYS,
        "founder_education_verified": draws.chance("verified", 900),
        "founder_hired_on": _before(day, draws.within("founder_hired", pl.col("days"))),
        "founder_has_plan": draws.chance("plan", 600),
    }


def _before(day: pl.Expr, days: pl.Expr) -> pl.Expr:
    """So many days before a day."""
    return (day.cast(pl.Int32) - days.cast(pl.Int32)).cast(pl.Date)


def _near(draws: Draws, name: str, value: pl.Expr) -> pl.Expr:
    return value * draws.between(name, 85, 115) // 100


def _coded(draws: Draws, name: str, codes: str, weights: Mapping[str, int]) -> pl.Expr:
    return draws.choice(name, weights, enum_of(dictionary().lists[codes]))


def _closed_on(draws: Draws, day: pl.Expr) -> pl.Expr:
    gone = pl.col("status").is_in(["closed", "revoked"])
    return pl.when(gone).then(_before(day, draws.within("closed", pl.col("days"))))


def _credit_code(draws: Draws) -> pl.Expr:
    """A code with right check digits that no enterprise can have; no two rows have the same."""
    all_of_them = BASE**COUNTED
    number = (pl.col(draws.row).cast(pl.Int64) * _STRIDE + draws.offset("id", all_of_them)) % all_of_them
    start = pl.col("entity_type").cast(pl.String).replace_strict(list(CODE_STARTS), list(CODE_STARTS.values()))
    return made_code(start, sorted(set(CODE_STARTS.values())), _MADE_UP, number)


def _name(draws: Draws) -> pl.Expr:
    first, second = (
        draws.pick(name, pl.Series(signs)) for name, signs in (("first", [*FIRST_SIGNS]), ("second", [*SECOND_SIGNS]))
    )
    trade = (
        pl.col("industry")
        .cast(pl.String)
        .str.head(2)
        .replace_strict(list(TRADES), list(TRADES.values()), default="实业")
    )
    end = pl.col("entity_type").cast(pl.String).replace_strict(list(NAME_ENDS), list(NAME_ENDS.values()))
    return pl.concat_str(pl.lit("上海"), first, second, trade, end)


def gap_of(draws: Draws, key: str) -> int:
    """How many in a thousand do not know this fact: one to eight per cent, the same for every row."""
    return 10 + draws.offset(f"gap/{key}", 71) if key else PER_MILLE
