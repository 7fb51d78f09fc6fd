"""One table: entries. Rows are inserted and never touched again."""

from django.db import models


class Entry(models.Model):
    """What somebody did to something, sealed.

    `leaf_hash` is SHA-256(salt ‖ canonical JSON of uid, action, actor, subject, at and data); a bulk import seals one
    entry whose `rows_root` is the Merkle root over its rows' digests.
    """

    uid = models.UUIDField(unique=True)
    action = models.CharField(max_length=80)
    actor = models.CharField(max_length=150)
    subject = models.CharField(max_length=200)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    salt = models.BinaryField()
    leaf_hash = models.BinaryField()
    rows_root = models.BinaryField(null=True)
    rows_count = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "-id"], name="notary_entry_subject")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rows_root__isnull=True, rows_count__isnull=True)
                | models.Q(rows_root__isnull=False, rows_count__isnull=False),
                name="notary_entry_root_with_count",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject} by {self.actor}"

    @property
    def seal(self) -> str:
        """The short form of the leaf hash that pages show: the first 12 hexadecimal digits."""
        return bytes(self.leaf_hash).hex()[:12]
