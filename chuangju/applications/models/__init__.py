"""Windows, applications with their people, papers and steps, decisions, and what they leave behind."""

from chuangju.applications.models.cases import Application, ApplicationBundle, ApplicationRole
from chuangju.applications.models.corrections import Correction, CorrectionItem
from chuangju.applications.models.decisions import Decision, DecisionBatch, Objection, PublicNotice
from chuangju.applications.models.documents import RequiredDocument
from chuangju.applications.models.financing import FinancingAnswer, FinancingNeed
from chuangju.applications.models.frozen import FrozenFacts
from chuangju.applications.models.loans import InterestPeriod, LoanFacility, LoanFile, LoanMovement
from chuangju.applications.models.nominations import Nomination
from chuangju.applications.models.offers import OfferRun
from chuangju.applications.models.repayments import Repayment
from chuangju.applications.models.results import Entitlement, Instalment, Obligation, Standing
from chuangju.applications.models.steps import ApplicationFlag, Step
from chuangju.applications.models.uptake import ReliefUptake
from chuangju.applications.models.vouchers import Voucher, VoucherUse
from chuangju.applications.models.waivers import FeeWaiver
from chuangju.applications.models.windows import Window

__all__ = [
    "Application",
    "ApplicationBundle",
    "ApplicationFlag",
    "ApplicationRole",
    "Correction",
    "CorrectionItem",
    "Decision",
    "DecisionBatch",
    "Entitlement",
    "FeeWaiver",
    "FinancingAnswer",
    "FinancingNeed",
    "FrozenFacts",
    "Instalment",
    "InterestPeriod",
    "LoanFacility",
    "LoanFile",
    "LoanMovement",
    "Nomination",
    "Objection",
    "Obligation",
    "OfferRun",
    "PublicNotice",
    "ReliefUptake",
    "Repayment",
    "RequiredDocument",
    "Standing",
    "Step",
    "Voucher",
    "VoucherUse",
    "Window",
]
