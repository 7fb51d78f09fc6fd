"""The look of every page: shell, page patterns, components, navigation and panels. Knows no table.

Start here:
    tables.py      Column, Cell, Row, Table, ListQuery: a table is declared, never written in HTML
    keyset.py      keyset_page(): fifty rows of any queryset, first/last/next/previous in constant time
    pages.py       ListPage, RecordPage, FigurePage, FormPage: a page is a declaration
    pieces.py      what they are made of: Tab, Action, Filter, Fact, TimelineEntry, Stat, Callout, …
    charts.py      Chart and Map for the islands
    navigation.py  register_nav(): one entry of the sidebar
    panels.py      register_panel(): one tab of a shared record (an operator, an area)
    templatetags/ui.py   number, rate, num, state_badge, icon, local_date, week, query_replace
    templates/ui/components/   one include per component; its first line names its variables
The gallery at /ui/ shows all of them with example data.
"""
