"""The models of kernel, one file for each thing; import them from here."""

from chuangju.kernel.models.accounts import SavedView, User, UserManager
from chuangju.kernel.models.attachments import Attachment
from chuangju.kernel.models.audit import AuditEvent, AuditStream
from chuangju.kernel.models.calendar import Clock, ClockPause, HolidayDay, HolidayNotice
from chuangju.kernel.models.checklists import Checklist, ChecklistItem
from chuangju.kernel.models.duties import DutyRun
from chuangju.kernel.models.installation import IdempotencyKey, Installation
from chuangju.kernel.models.jobs import Job, Worker
from chuangju.kernel.models.limits import AttemptCount
from chuangju.kernel.models.outbox import Delivery, Message, MessagePreference, MessageTopic
from chuangju.kernel.models.papers import Paper, PaperDelivery
from chuangju.kernel.models.ratings import Rating
from chuangju.kernel.models.search import SearchEntry
from chuangju.kernel.models.sessions import UserSession
from chuangju.kernel.models.threads import Thread, ThreadMessage, ThreadReading

__all__ = [
    "Attachment",
    "AttemptCount",
    "AuditEvent",
    "AuditStream",
    "Checklist",
    "ChecklistItem",
    "Clock",
    "ClockPause",
    "Delivery",
    "DutyRun",
    "HolidayDay",
    "HolidayNotice",
    "IdempotencyKey",
    "Installation",
    "Job",
    "Message",
    "MessagePreference",
    "MessageTopic",
    "Paper",
    "PaperDelivery",
    "Rating",
    "SavedView",
    "SearchEntry",
    "Thread",
    "ThreadMessage",
    "ThreadReading",
    "User",
    "UserManager",
    "UserSession",
    "Worker",
]
