"""The tables of the log. Rows are inserted and never touched again: the database refuses it to every role.

No foreign keys lead here or from here, so the tables may be distributed and an entry may outlive what it tells of.
"""

from django.db import models
from django.urls import reverse

SHOWN = 12  # hexadecimal digits of a seal in a history


class Entry(models.Model):
    """What somebody did to something, sealed. Private, like its salt.

    `leaf_data` is SHA-256(salt ‖ canonical JSON of uid, action, actor, subject, at and data); a bulk import seals one
    entry whose `rows_root` is the Merkle root over its rows' digests. Entries are numbered in the order in which they
    are inserted, which is not the order in which they are committed: leaves have numbers of their own.
    """

    uid = models.UUIDField(unique=True)
    action = models.CharField(max_length=80)
    actor = models.CharField(max_length=150)
    subject = models.CharField(max_length=200)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    salt = models.BinaryField()
    leaf_data = models.BinaryField()
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
    def seal(self) -> "Seal":
        """The seal as histories show it, with its page and, when the query told it, its leaf number."""
        short = bytes(self.leaf_data).hex()[:SHOWN]
        return Seal(short, reverse("notary:entry_detail", args=[self.uid]), getattr(self, "leaf_number", None))


class Seal(str):
    """The first digits of a leaf's data. A text, so that a page may show it as it is, which knows where it leads."""

    url: str
    number: int | None

    def __new__(cls, short: str, url: str, number: int | None) -> "Seal":
        made = super().__new__(cls, short)
        made.url, made.number = url, number
        return made


class Rows(models.Model):
    """The digests of a batch's rows, 32 bytes each, in order: a row's seal is its path to the entry's `rows_root`."""

    entry_uid = models.UUIDField(unique=True)
    digests = models.BinaryField()

    def __str__(self) -> str:
        return f"{len(self.digests) // 32} rows of {self.entry_uid}"


class Leaf(models.Model):
    """A leaf of the public tree: its number from 0, without gaps, and what is published of the entry."""

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    leaf_data = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["leaf_data"], name="notary_leaf_data")]
        constraints = [models.CheckConstraint(condition=models.Q(number__gte=0), name="notary_leaf_number_from_zero")]

    def __str__(self) -> str:
        return f"leaf {self.number}"


class Tile(models.Model):
    """A full tile: 256 hashes of tile level `level`, and the root over them. Unfinished tiles are computed."""

    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="notary_tile_once")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.number}"


class Checkpoint(models.Model):
    """A signed head of the tree.

    `note` is the C2SP signed note, `keys` the public keys that signed it, one a line. `allocated`, `horizon`, `floor`
    are where the next look for waiting entries begins (actions/sequencing.py): below `floor` every entry has its leaf.
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    keys = models.TextField()
    made_at = models.DateTimeField()
    allocated = models.BigIntegerField()
    horizon = models.BigIntegerField()
    floor = models.BigIntegerField()

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class Cosignature(models.Model):
    """A witness's signature under a checkpoint, as the note line in which it came."""

    size = models.BigIntegerField()
    witness = models.CharField(max_length=200)
    key_id = models.CharField(max_length=8)
    line = models.TextField()
    cosigned_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["size", "witness", "key_id"], name="notary_cosignature_once")]

    def __str__(self) -> str:
        return f"{self.witness} at {self.size}"
