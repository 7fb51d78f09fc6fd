"""Tables of tracing, one module per noun."""

from shian.domains.tracing.models.anomalies import AnomalyResult, TraceAnomaly
from shian.domains.tracing.models.certificates import Basis, Certificate, CertificateKind, CertificateSource
from shian.domains.tracing.models.coldchain import ColdBatch, ColdMove, ColdState, ColdStock
from shian.domains.tracing.models.coldstores import AlertKind, ColdAlert, ColdDevice, ColdReading, ColdStore, StoreKind
from shian.domains.tracing.models.days import MarketDay
from shian.domains.tracing.models.kitchens import KitchenDispatch, KitchenInput, KitchenSheet
from shian.domains.tracing.models.markets import Market, MarketKind, Merchant, Variety
from shian.domains.tracing.models.orders import InOrder, OutOrder, Proof, Verdict
from shian.domains.tracing.models.producers import Category, Producer
from shian.domains.tracing.models.recalls import (
    Cause,
    Channel,
    Recall,
    RecallAlert,
    RecallHolder,
    RecallLevel,
    RecallLine,
    RecallState,
    Treatment,
)

__all__ = [
    "AlertKind",
    "AnomalyResult",
    "Basis",
    "Category",
    "Cause",
    "Certificate",
    "CertificateKind",
    "CertificateSource",
    "Channel",
    "ColdAlert",
    "ColdBatch",
    "ColdDevice",
    "ColdMove",
    "ColdReading",
    "ColdState",
    "ColdStock",
    "ColdStore",
    "InOrder",
    "KitchenDispatch",
    "KitchenInput",
    "KitchenSheet",
    "Market",
    "MarketDay",
    "MarketKind",
    "Merchant",
    "OutOrder",
    "Producer",
    "Proof",
    "Recall",
    "RecallAlert",
    "RecallHolder",
    "RecallLevel",
    "RecallLine",
    "RecallState",
    "StoreKind",
    "TraceAnomaly",
    "Treatment",
    "Variety",
    "Verdict",
]
