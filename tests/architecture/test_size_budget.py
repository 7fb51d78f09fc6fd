"""Files and functions stay small, typed, shallow and well named (style.md, "Our budget")."""

from tests.architecture.sources import PACKAGE, Function, application_files, outline_of

FILES = application_files()
JUNK = {"utils", "helpers", "common", "misc", "base", "core"}
NAMED_BY_DJANGO = {"kernel/scope/postgresql/base.py"}  # ENGINE names a package, of which Django loads `base`


def functions() -> dict[str, Function]:
    """Every one by file, place in it and name."""
    return {
        f"{path.relative_to(PACKAGE)}:{place}:{each.name}": each
        for path in FILES
        for place, each in enumerate(outline_of(path).functions)
    }


def percentile(values: list[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def test_files_keep_their_budget() -> None:
    sizes = {str(path.relative_to(PACKAGE)): outline_of(path).lines for path in FILES}

    assert {path: size for path, size in sizes.items() if size > 500} == {}
    assert percentile(list(sizes.values()), 0.95) <= 350


def test_functions_keep_their_budget() -> None:
    assert {name: each.lines for name, each in functions().items() if each.lines > 60} == {}
    assert percentile([each.lines for each in functions().values()], 0.95) <= 36


def test_functions_are_shallow_and_typed() -> None:
    assert [name for name, each in functions().items() if each.depth > 3] == []
    assert [name for name, each in functions().items() if not each.is_typed] == []


def test_no_file_is_a_junk_drawer() -> None:
    found = {str(path.relative_to(PACKAGE)) for path in FILES if path.stem in JUNK or path.parent.name in JUNK}

    assert found == NAMED_BY_DJANGO


def test_every_module_of_an_app_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(PACKAGE))
        for path in FILES
        if path.name != "apps.py" and path.stat().st_size and not outline_of(path).has_docstring
    ]

    assert silent == []
