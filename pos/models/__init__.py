"""The tables, a file per thing. Importing this package registers them all."""

from pos.models.alert import (
    Alert,
    AlertKind,
    AlertLook,
    Channel,
    Message,
    MessageKind,
    MessageState,
    Recipient,
    Severity,
)
from pos.models.api import ApiAnswer, ApiRefresh, ApiToken, ApiTry
from pos.models.attention import Mark, PinTry, Resolution
from pos.models.audit import AuditEnd, AuditEntry, Deed
from pos.models.backup import Backup, LostNumbers, NumberKind, Restore
from pos.models.books import BooksCheck, Correction, CorrectionKind
from pos.models.budget import GatewayCircuit, GatewayDay
from pos.models.callback import CallbackVerdict, GatewayCallback
from pos.models.cash import CashCount, CashMovement, Tender
from pos.models.discount import Discount
from pos.models.display import Display
from pos.models.dispute import Dispute, DisputeEntry
from pos.models.first_run import FirstRun
from pos.models.lease import Lease
from pos.models.merchant import GatewayAccount, Merchant, SoundAt, Store, Till
from pos.models.online import OutsidePart, OutsideSale
from pos.models.paper import (
    LOOKS,
    ArchivedPdf,
    Device,
    Kind,
    Printer,
    Printing,
    Receipt,
    ReceiptLink,
)
from pos.models.payee_change import PayeeChange
from pos.models.payment import GatewayQuestion, GatewayTransaction, Payment, PaymentEvent
from pos.models.plan import Instalment, Plan, Release
from pos.models.quick_amount import QuickAmount
from pos.models.rate import ExchangeRate
from pos.models.reconcile import (
    Finding,
    ListFinding,
    ReconcileCheck,
    ReconcileList,
    ReconcileListed,
    ReconcileRun,
)
from pos.models.refund import Refund
from pos.models.sale import Sale
from pos.models.second_step import RecoveryCode, SecondStep
from pos.models.shift import Shift, ZReport
from pos.models.terminal import Terminal, TerminalTry
from pos.models.tip_ask import TipAsk
from pos.models.user import Login, LoginTry, User
from pos.models.webhook import DeliveryState, Topic, Webhook, WebhookDelivery, WebhookEvent
from pos.permissions import Role

__all__ = [
    "LOOKS",
    "Alert",
    "AlertKind",
    "AlertLook",
    "ApiAnswer",
    "ApiRefresh",
    "ApiToken",
    "ApiTry",
    "ArchivedPdf",
    "AuditEnd",
    "AuditEntry",
    "Backup",
    "BooksCheck",
    "CashCount",
    "Channel",
    "CashMovement",
    "Correction",
    "CorrectionKind",
    "Deed",
    "DeliveryState",
    "Device",
    "CallbackVerdict",
    "Discount",
    "Display",
    "Dispute",
    "DisputeEntry",
    "Finding",
    "FirstRun",
    "ExchangeRate",
    "GatewayAccount",
    "GatewayCallback",
    "GatewayCircuit",
    "GatewayDay",
    "GatewayQuestion",
    "GatewayTransaction",
    "Instalment",
    "Kind",
    "Lease",
    "ListFinding",
    "Login",
    "LoginTry",
    "LostNumbers",
    "Mark",
    "Merchant",
    "Message",
    "MessageKind",
    "MessageState",
    "NumberKind",
    "OutsidePart",
    "OutsideSale",
    "PayeeChange",
    "Payment",
    "PaymentEvent",
    "PinTry",
    "Plan",
    "Printer",
    "Printing",
    "Receipt",
    "ReceiptLink",
    "RecoveryCode",
    "SecondStep",
    "QuickAmount",
    "ReconcileCheck",
    "ReconcileList",
    "ReconcileListed",
    "ReconcileRun",
    "Recipient",
    "Refund",
    "Release",
    "Resolution",
    "Restore",
    "Role",
    "Sale",
    "Severity",
    "Shift",
    "SoundAt",
    "Store",
    "Tender",
    "Terminal",
    "TerminalTry",
    "Till",
    "TipAsk",
    "Topic",
    "User",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
    "ZReport",
]
