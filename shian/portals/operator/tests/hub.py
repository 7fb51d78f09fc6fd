"""One lot at thousands of holders who read their notices: for the benchmark of recalls and for the test that kills."""

from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps

from shian.engine.trace.models import Holding, Identifier, Movement, MovementKind, Party
from shian.engine.trace.rules.identifiers import short_digest
from shian.kernel.accounts.models import Role, User
from shian.registers.operators.models import Operator

AT = datetime(2022, 11, 24, 2, 0, tzinfo=UTC)
PLACE = {"province": "13", "city": "1310", "county": "131022"}


def make_hub(holders: int) -> int:
    """A lot that one party sold to so many shops, each with somebody who signs in; the holding where it begins."""
    shops = Operator.objects.bulk_create(
        [
            Operator(code=f"HUB{n:06d}", name=f"便民超市{n:06d}", kind="食品销售", format="便利店", stage="流通",
                     size="微型", area_code="131022", address=f"某路{n}号", opened_on=date(2020, 1, 1), updated_at=AT,
                     **PLACE)
            for n in range(holders)
        ],
        batch_size=2000,
    )  # fmt: skip
    users = User.objects.bulk_create(
        [User(username=f"hub{n:06d}", role=Role.OPERATOR, password="!") for n in range(holders)], batch_size=2000
    )
    account: Any = apps.get_model("selfcontrol", "OperatorAccount")
    account.objects.bulk_create(
        [
            account(operator=shop, user=user, duty="principal", valid_from=date(2020, 1, 1), opened_by="hub")
            for shop, user in zip(shops, users, strict=True)
        ],
        batch_size=2000,
    )
    uris = ["urn:shian:lot:HUB", "urn:shian:seller:HUB", *(f"urn:shian:operator:{each.code}" for each in shops)]
    named = Identifier.objects.bulk_create([Identifier(digest=short_digest(uri), uri=uri) for uri in uris])
    parties = Party.objects.bulk_create(
        [Party(identifier=named[1].pk, **PLACE)]
        + [Party(identifier=each.pk, operator=shop, **PLACE) for each, shop in zip(named[2:], shops, strict=True)],
        batch_size=2000,
    )
    held = Holding.objects.bulk_create(
        [Holding(lot=named[0].pk, party=each, first_at=AT, uom="KGM", made=holders * 5.0 if n == 0 else None)
         for n, each in enumerate(parties)],
        batch_size=2000,
    )  # fmt: skip
    Movement.objects.bulk_create(
        [
            Movement(source=held[0].pk, target=each.pk, at=AT, quantity=5, seller=parties[0].pk, buyer=each.party_id,
                     kind=MovementKind.SENT, uom="KGM")
            for each in held[1:]
        ],
        batch_size=2000,
    )  # fmt: skip
    return held[0].pk
