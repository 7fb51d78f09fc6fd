"""Field: the portal of inspectors and cadres: what is assigned to them and the forms they fill in, on a phone, also
without a network (docs/offline.md).

The page is one shell without personal data, which the browser keeps; everything personal lies encrypted in the browser
and comes from, and goes to, the addresses of engine/forms and the two JSON addresses here.
"""
