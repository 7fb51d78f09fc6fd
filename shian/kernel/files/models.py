"""One row per distinct content."""

from django.db import models


class StoredFile(models.Model):
    """Content by hash. `name` is the name under which it first came; a record that uses the file keeps its own."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=10)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.name} ({self.sha256[:12]})"
