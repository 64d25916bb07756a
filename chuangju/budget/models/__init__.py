"""Budget lines with their ledger, reallocations, payments in batches, and what the treasury answered."""

from chuangju.budget.models.batches import AnswerFile, PaymentBatch
from chuangju.budget.models.entries import ClaimBalance, Entry, LineBalance, Posting
from chuangju.budget.models.lines import BudgetLine, Earmark
from chuangju.budget.models.payments import BatchItem, Payment
from chuangju.budget.models.reallocations import Reallocation

__all__ = [
    "AnswerFile",
    "BatchItem",
    "BudgetLine",
    "ClaimBalance",
    "Earmark",
    "Entry",
    "LineBalance",
    "Payment",
    "PaymentBatch",
    "Posting",
    "Reallocation",
]
