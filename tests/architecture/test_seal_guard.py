"""The guard over seals works: an action that seals nothing is refused, one that seals, reads or rolls back is not."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from shian.kernel.notary.actions import seal
from shian.registers.products.models import Product
from tests.architecture import seal_guard
from tests.architecture.seal_guard import NothingSealed
from tests.architecture.sources import PACKAGE

pytestmark = pytest.mark.django_db
WRITE = "Product.objects.create(code='1', name='粮食加工品')"
SEAL = "seal(action='a.b', by='alice', subject='a.b:1', data={}, at=now())"
DECORATED = "@transaction.atomic\ndef do_it():\n    {0}\n\ndo_it()"
BLOCK = "def do_it():\n    with transaction.atomic():\n        {0}\n\ndo_it()"
FORMS = pytest.mark.parametrize("form", [DECORATED, BLOCK])


def as_if_in(file: str, code: str) -> None:
    """Run the code as a file of the package would."""
    names: dict[str, Any] = {"Product": Product, "transaction": transaction, "seal": seal, "now": timezone.now}
    names["suppress"] = suppress
    exec(compile(code, str(PACKAGE / file), "exec"), names)


@FORMS
@pytest.mark.parametrize("file", ["registers/people/actions.py", "domains/campaign/actions/scoring.py"])
def test_an_action_that_seals_nothing_is_refused(form: str, file: str) -> None:
    app = file.split("/")[1]

    with pytest.raises(NothingSealed, match=rf"{app}\.do_it wrote to products_product"):
        as_if_in(file, form.format(WRITE))

    assert not Product.objects.exists()


@FORMS
@pytest.mark.parametrize("order", [f"{WRITE}; {SEAL}", f"{SEAL}; {WRITE}", SEAL, "list(Product.objects.all())"])
def test_an_action_that_seals_or_only_reads_may_end(form: str, order: str) -> None:
    as_if_in("registers/people/actions.py", form.format(order))


@FORMS
def test_an_action_inside_another_is_sealed_by_it(form: str) -> None:
    inner = f"transaction.atomic(lambda: {WRITE})()"

    as_if_in("registers/people/actions.py", form.format(f"{inner}; {SEAL}"))
    with pytest.raises(NothingSealed):
        as_if_in("registers/people/actions.py", form.format(inner.replace("'1'", "'2'")))


def test_a_deed_that_is_rolled_back_needs_no_seal() -> None:
    with pytest.raises(ZeroDivisionError):
        as_if_in("registers/people/actions.py", DECORATED.format(f"{WRITE}; 1 / 0"))


def test_what_an_inner_block_rolled_back_needs_no_seal() -> None:
    inner = "with suppress(ZeroDivisionError), transaction.atomic(): {0}; 1 / 0"

    as_if_in("registers/people/actions.py", DECORATED.format(inner.format(WRITE)))
    with pytest.raises(NothingSealed):
        as_if_in("registers/people/actions.py", DECORATED.format(f"{WRITE}\n    {inner.format(SEAL)}"))


def test_an_exempt_action_may_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(seal_guard.EXEMPT, "people.do_it", "this test")

    as_if_in("registers/people/actions.py", DECORATED.format(WRITE))

    assert Product.objects.exists()


def test_a_test_may_write_without_sealing() -> None:
    with transaction.atomic():
        Product.objects.create(code="1", name="粮食加工品")

    assert Product.objects.exists()


def test_every_exemption_names_an_action_and_its_reason() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if "actions" in str(path))

    for name, reason in seal_guard.EXEMPT.items():
        assert f"def {name.partition('.')[2]}(" in text, f"{name} is gone: take it off the list"
        assert len(reason) > 20
