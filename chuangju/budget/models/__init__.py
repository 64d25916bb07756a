"""Budget lines with their ledger, reallocations, payments in batches, and what the treasury answered."""

from chuangju.budget.models.batches import AnswerFile, PaymentBatch
from chuangju.budget.models.entries import ClaimBalance, Entry, LineBalance, Posting
from chuangju.budget.models.lines import BudgetLine, Earmark
from chuangju.budget.models.payments import BatchItem, Payment
from chuangju.budget.models.reallocations import Reallocation
from chuangju.budget.models.requests import BudgetRequest, PerformanceTarget

__all__ = [
    "AnswerFile",
    "BatchItem",
    "BudgetLine",
    "BudgetRequest",
    "ClaimBalance",
    "Earmark",
    "Entry",
    "LineBalance",
    "Payment",
    "PaymentBatch",
    "PerformanceTarget",
    "Posting",
    "Reallocation",
]
