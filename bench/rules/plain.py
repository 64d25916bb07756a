"""The measured policies once more, as somebody would write them by hand for peers: dates compared with folded days.

A condition is text in Python's grammar that rows, numpy arrays and Polars expressions take alike: `isin`, `least`, `pick`,
`months` and `day` are given by whoever evaluates it.
"""

from __future__ import annotations

import ast

_ACTIVE = "status == 'active'"
# Facts by name, and for the folded days: born after it no more than so many months ago, or before it at least so many.
POLICIES: dict[str, tuple[tuple[str, ...], str]] = {
    "graduate_extra": (
        (
            _ACTIVE,
            "founder_graduated_on > day('2020-06-30')",
            "isin(founder_education, ('bachelor', 'bachelor_with_degree', 'master', 'doctor'))",
            "legal_representative",
            "founder_share >= 3000",
            "registered_on > day('2023-05-31')",
        ),
        "500000",
    ),
    "hiring_bonus": (
        (
            _ACTIVE,
            "staff_count >= 10",
            "registered_on <= day('2024-06-30')",
            "registered_on > day('2017-05-31')",
            "(vat_payer == 'small_scale') | (turnover_year < 500000000)",
        ),
        "least(200000 * (staff_count - 9), 10000000)",
    ),
    "income_relief": (
        (
            _ACTIVE,
            "taxable_income <= 300000000",
            "registered_on > day('2020-05-31')",
            "staff_count >= 3",
            "isin(size_class, ('micro', 'small'))",
            "~founder_dishonest",
        ),
        "least((taxable_income * 2500 + 5000) // 10000, 10000000)",
    ),
    "incubation_subsidy": (
        (
            _ACTIVE,
            "incubated_from > day('2023-06-30')",
            "isin(incubator_grade, ('national', 'city_a', 'city_b'))",
            "isin(size_class, ('micro', 'small'))",
            "site_fee_paid > 0",
            "~founder_dishonest",
        ),
        "least((site_fee_paid * 3000 + 5000) // 10000, 2000000)",
    ),
    "rent_subsidy": (
        (
            _ACTIVE,
            "registered_on > day('2022-05-31')",
            "~restricted_trade",
            "~labour_dispatch",
            "rent_months_granted < 24",
            "monthly_rent > 0",
        ),
        "least((monthly_rent * 5000 + 5000) // 10000, 300000) * least(24 - rent_months_granted, 12)",
    ),
    "startup_grant": (
        (
            _ACTIVE,
            "isin(entity_type, ('company', 'individual_business', 'cooperative'))",
            "registered_on > day('2022-05-31')",
            "registered_on <= day('2024-12-31')",
            "founder_first_venture",
            "founder_born_on > day('1979-06-30')",
        ),
        "800000",
    ),
    "talent_allowance": (
        (
            _ACTIVE,
            "isin(founder_residence, ('returnee', 'overseas_talent_permit', 'foreign_permanent'))",
            "isin(founder_education, ('master', 'doctor'))",
            "founder_share >= 2000",
            "registered_on > day('2021-06-30')",
            "founder_born_on > day('1975-06-30')",
        ),
        "least(100000 * staff_count + pick(founder_education == 'doctor', 500000, 0), 3000000)",
    ),
    "tech_support": (
        (
            _ACTIVE,
            "isin(industry_section, ('C', 'I', 'M'))",
            "turnover_year <= 2000000000",
            "vat_payer == 'general'",
            "staff_count >= 5",
            "size_class != 'large'",
        ),
        "least((turnover_year * 1000 + 5000) // 10000, 50000000)",
    ),
    "town_grant": (
        (
            _ACTIVE,
            "isin(town, ('310112001', '310112101', '310112102', '310112103', '310112114'))",
            "registered_on > day('2024-05-31')",
            "entity_type != 'branch'",
            "(staff_count <= 20) | (size_class == 'micro')",
        ),
        "pick(staff_count >= 5, 300000, 150000)",
    ),
    "unemployed_support": (
        (
            _ACTIVE,
            "months(founder_unemployed_since, registered_on) >= 6",
            "isin(founder_residence, ('district', 'city'))",
            "legal_representative",
            "staff_count <= 50",
            "~restricted_trade",
        ),
        "1000000 + 50000 * least(staff_count, 10)",
    ),
}


def facts_of(text: str) -> set[str]:
    """The facts a text speaks of."""
    return {node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)} - {
        "isin",
        "least",
        "pick",
        "months",
        "day",
    }


ALL_FACTS = sorted(
    {fact for conditions, amount in POLICIES.values() for text in (*conditions, amount) for fact in facts_of(text)}
)
