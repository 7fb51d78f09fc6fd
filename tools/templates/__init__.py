"""Builds the docx templates of packs/templates from plain text. Run: python -m tools.templates.build"""
