"""What the demo register is put together from: weights and words, all of them ours and none measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Weights of the fourteen towns: a guess at the order of size, not a statistic.
TOWNS: Mapping[str, int] = {
    "310112001": 60, "310112006": 40, "310112008": 35, "310112009": 30, "310112101": 130, "310112102": 120, "310112103": 90,
    "310112106": 75, "310112107": 85, "310112108": 110, "310112110": 45, "310112112": 55, "310112114": 95, "310112501": 30,
}  # fmt: skip
ENTITY_TYPES: Mapping[str, int] = {
    "company": 62,
    "individual_business": 30,
    "cooperative": 1,
    "social_organisation": 3,
    "branch": 4,
}
INDUSTRIES: Mapping[str, int] = {
    "6513": 50, "6420": 25, "6490": 15, "6560": 15, "7517": 30, "7320": 20, "7340": 10, "7481": 15, "7491": 15,
    "5179": 60, "5169": 40, "5299": 60, "5211": 40, "5292": 40, "6210": 80, "6220": 30, "6299": 20, "7299": 45,
    "7231": 20, "7212": 40, "7259": 25, "8391": 25, "8399": 10, "8090": 20, "8040": 20, "8810": 10, "8710": 10,
    "3484": 15, "3599": 15, "3670": 8, "3891": 8, "3919": 12, "4090": 6, "2710": 4, "1830": 6, "1495": 5,
    "4790": 10, "5011": 25, "5430": 20, "5822": 15, "7040": 12, "8121": 10, "9011": 8, "0141": 6, "0511": 4,
}  # fmt: skip
TRADES: Mapping[str, str] = {
    "65": "软件", "64": "网络科技", "75": "科技", "73": "生物科技", "74": "设计", "51": "贸易", "52": "商贸", "62": "餐饮",
    "72": "咨询", "83": "教育", "80": "生活服务", "88": "文化", "87": "影视", "34": "机械", "35": "装备", "36": "汽车部件",
    "38": "电气", "39": "电子", "40": "仪器", "27": "医药", "18": "服饰", "14": "食品", "47": "建筑", "50": "装饰", "54": "物流",
    "58": "货运代理", "70": "房产经纪", "81": "汽车服务", "90": "娱乐", "01": "农业", "05": "农业服务",
}  # fmt: skip
NAME_ENDS: Mapping[str, str] = {
    "company": "有限公司（演示）",
    "individual_business": "经营部（演示）",
    "cooperative": "专业合作社（演示）",
    "social_organisation": "服务中心（演示）",
    "branch": "有限公司分公司（演示）",
}
CODE_STARTS: Mapping[str, str] = {
    "company": "91310112",
    "individual_business": "92310112",
    "cooperative": "93310112",
    "social_organisation": "52310112",
    "branch": "91310112",
}
FIRST_SIGNS = "启云星海明远博达恒安嘉禾创智联信新锐天泽宏图瑞丰晨光卓越凌峰汇通锦程"
SECOND_SIGNS = "航帆源拓方舟峰景川诚和泰宇驰悦朗润成辰岳林舟禾屿泓序熠"
RESIDENCE: Mapping[str, int] = {
    "district": 260, "city": 240, "residence_permit": 300, "hmt_permit": 12, "overseas_talent_permit": 8,
    "foreign_permanent": 5, "returnee": 25, "other": 150,
}  # fmt: skip
EDUCATION: Mapping[str, int] = {
    "below_college": 25, "college": 25, "bachelor": 10, "bachelor_with_degree": 27, "master": 11, "doctor": 2,
}  # fmt: skip
# Sets of groups, each as likely as another: most people belong to none.
GROUPS: Sequence[Sequence[str]] = (
    *([[]] * 62), *([["graduate"]] * 14), *([["registered_unemployed"]] * 8), *([["hard_to_employ"]] * 4),
    *([["veteran"]] * 3), *([["disabled"]] * 2), *([["returnee"]] * 3), *([["lifted_from_poverty"]] * 1),
    ["graduate", "registered_unemployed"], ["registered_unemployed", "hard_to_employ"], ["veteran", "registered_unemployed"],
)  # fmt: skip
STAFF_RESIDENCE: Mapping[str, int] = {
    "district": 190, "city": 260, "residence_permit": 320, "hmt_permit": 5, "overseas_talent_permit": 3,
    "foreign_permanent": 2, "returnee": 10, "other": 210,
}  # fmt: skip
DISTRICTS: Mapping[str, int] = {"310112": 90, "310104": 4, "310115": 3, "310117": 3}
# Names of policies under which somebody may have been paid before.
POLICIES: Mapping[str, int] = {
    "first_startup_grant": 20, "social_insurance_subsidy": 30, "setup_grant": 15, "rent_subsidy": 20,
    "employment_subsidy": 20, "training_subsidy": 10, "innovation_voucher_firm": 10,
}  # fmt: skip
POLICY_LEVELS: Mapping[str, str] = {
    "first_startup_grant": "city", "social_insurance_subsidy": "city", "setup_grant": "district", "rent_subsidy": "district",
    "employment_subsidy": "district", "training_subsidy": "city", "innovation_voucher_firm": "city",
}  # fmt: skip
POLICY_AMOUNTS: Mapping[str, int] = {
    "first_startup_grant": 800_000, "social_insurance_subsidy": 1_141_380, "setup_grant": 800_000, "rent_subsidy": 1_800_000,
    "employment_subsidy": 1_500_000, "training_subsidy": 180_000, "innovation_voucher_firm": 3_000_000,
}  # fmt: skip
