"""`python -m shian` is the `shian` command."""

from shian.config.cli import app

app(prog_name="shian")
