"""What sealed actions are called: told by the apps that seal them.

register_deeds({"campaign.evidence_filed": _("上传")})
"""

from collections.abc import Mapping

from shian.kernel.ui.states import Text

_words: dict[str, Text] = {}


def register_deeds(words: Mapping[str, Text]) -> None:
    """Action → what it is called; the same action again gets its new name."""
    _words.update(words)


def deed_text(action: str) -> Text:
    """What an action is called; its code where nobody has named it."""
    return _words.get(action, action)
