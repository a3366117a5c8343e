"""Which language a page is in: that of the message that led to it, or else the browser's."""

from fastapi import Request

from services.intake.pages.wording import Texts, preferred_texts, texts
from shared.runtime.links import PATHS, Links


def words_for(request: Request, links: Links) -> Texts:
    """Returns the words for whoever asks; a link's language outlasts the link."""
    token = request.path_params.get("token", "")
    for purpose in PATHS:
        if signed := links.signed(token, purpose):
            return texts(signed.claims.get("language"))
    return preferred_texts(request.headers.get("accept-language", ""))
