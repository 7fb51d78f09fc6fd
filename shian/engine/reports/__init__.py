"""Reports (公文、报表): documents made from a docx template and a declaration.

Every figure in the text is bound to a measure, an area and an as-of date, listed in the annex, compared before
publication and frozen on it. Verbs: write, check, accept changes, rewrite, sign, publish. Used by the campaign office.

Start here:
    kinds.py         register_report(ReportKind(...)): how a domain hands in a kind of document
    declarations.py  packs/templates/<key>.yaml: the figures that a template may print
    prose.py         renders the template; f() is the only way a number gets into the text
    scan.py          refuses a template with numbers typed by hand
    binding.py       the one place that asks engine/measures
    sheets.py        tables and annexes of the docx;  workbook.py: the same as xlsx;  preview.py: the text as HTML
"""
