"""The docx templates in the packs are what their texts in tools/templates say."""

from pathlib import Path

import pytest

from tools.templates.build import PROJECT, build

SOURCES = sorted((PROJECT / "tools" / "templates").glob("*.txt"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_template_in_the_pack_is_built_from_its_text(source: Path, tmp_path: Path):
    built = build(source.stem, tmp_path)

    assert built.read_bytes() == (PROJECT / "packs" / "templates" / built.name).read_bytes()


def test_every_text_has_a_declaration():
    assert all((PROJECT / "packs" / "templates" / f"{source.stem}.yaml").exists() for source in SOURCES)
