"""Development tools. Never imported by shian/."""
