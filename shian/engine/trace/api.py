"""The scopes of EPCIS. Its resources stand below /epcis/v2, as programs of the standard expect them (epcis.py)."""

from django.utils.translation import gettext_lazy as _

from shian.engine.trace.epcis import AREA
from shian.engine.trace.permissions import TRACE_CAPTURE, TRACE_READ
from shian.kernel.api.registry import Gate, register_router
from shian.kernel.api.routing import ApiRouter

router = ApiRouter(AREA)
router.gates += [Gate(AREA, TRACE_READ), Gate(AREA, TRACE_CAPTURE, is_write=True)]
register_router(_("EPCIS 追溯事件"), router)
