"""Tables of tracing, one module per noun."""

from shian.domains.tracing.models.anomalies import AnomalyResult, TraceAnomaly
from shian.domains.tracing.models.certificates import Basis, Certificate, CertificateKind, CertificateSource
from shian.domains.tracing.models.days import MarketDay
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
    "AnomalyResult",
    "Basis",
    "Category",
    "Cause",
    "Certificate",
    "CertificateKind",
    "CertificateSource",
    "Channel",
    "InOrder",
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
    "TraceAnomaly",
    "Treatment",
    "Variety",
    "Verdict",
]
