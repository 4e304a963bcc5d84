"""Words that need a word of explanation: found in a text, they link to their meaning on 'Come funziona'."""

import re
from dataclasses import dataclass

from app.edge.here import Here


@dataclass(frozen=True)
class Term:
    anchor: str
    word: str
    meaning: str


def terms(here: Here) -> list[Term]:
    _ = here.words.gettext
    return [
        Term("borsellino", _("Borsellino"), _("Il posto dove vedi i tuoi crediti e quanto ti resta.")),
        Term("buono", _("Buono"), _("Un foglio o un codice che vale soldi per una cosa precisa.")),
        Term("credito", _("Credito"), _("Soldi che il Comune o altri ti danno per un aiuto. Vale fino a una data.")),
        Term("isee", "ISEE", _("Il foglio che dice quanto ha la tua famiglia. Lo fai gratis al CAF.")),
        Term("caf", "CAF", _("L'ufficio che ti aiuta con ISEE e tasse.")),
        Term("oss", "OSS", _("Operatore che aiuta a lavarsi, vestirsi e mangiare.")),
        Term("caregiver", "caregiver", _("Chi cura ogni giorno una persona della sua famiglia.")),
        Term("logopedista", _("Logopedista"), _("Chi aiuta a parlare e a deglutire meglio.")),
        Term("mediazione", _("Mediazione"), _("Un incontro con chi vi aiuta a mettervi d'accordo.")),
        Term("social-point", "Social Point", _("Lo sportello vicino a te. Una persona prenota con te.")),
        Term("welfare-manager", "Welfare Manager", _("La persona che ti aiuta a scegliere il servizio giusto.")),
    ]


def used_in(text: str, here: Here) -> list[Term]:
    """The terms that stand in a text as whole words."""
    return [term for term in terms(here) if re.search(rf"\b{re.escape(term.word)}\b", text, re.IGNORECASE)]
