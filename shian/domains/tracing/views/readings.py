"""The door of devices that tell temperatures by HTTP. A device shows its own key; no account stands behind it."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shian.domains.tracing.actions.coldchain.readings import (
    LARGEST,
    ReadingsRefused,
    device_with_key,
    read_readings,
    take_readings,
)
from shian.kernel.accounts.permissions import open_to_all
from shian.kernel.scope.walls import system_scope


@csrf_exempt
@require_POST
@open_to_all
def readings_send(request: HttpRequest, number: str) -> JsonResponse:
    """A JSON object with a list "readings"; 200 with how many were new, 401 for a wrong key, 422 for what cannot be."""
    now = timezone.now()
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    device = device_with_key(number[:40], key.strip()) if scheme.lower() == "bearer" else None
    if device is None:
        return JsonResponse({"error": "unknown device or key"}, status=401, headers={"WWW-Authenticate": "Bearer"})
    try:
        readings = read_readings(request.read(LARGEST + 1), now)
    except ReadingsRefused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    with system_scope():  # a device has no reach of its own; its alerts reach goods and units of others
        taken = take_readings(device=device, readings=readings, by=device.subject, at=now)
    return JsonResponse({"new": taken.new, "known": taken.known})
