"""Boxes that nobody may leave empty: what to tick, and why it is asked."""

from app.edge.form import Form


def declared(form: Form) -> None:
    form.ticked("declared", form._("Metti la spunta: per un minore serve questo sì."))


def saw_document(form: Form) -> None:
    form.ticked("document", form._("Guarda i documenti, poi metti la spunta. Così nessuno passa per un altro."))
