import pytest

from app.domain.readability import gulpease, sentences_of, words_of


def test_the_formula_is_the_published_one() -> None:
    text = "Il servizio accompagna le persone anziane presso le strutture sanitarie del territorio comunale."
    assert gulpease(text) == pytest.approx(89 + (300 * 1 - 10 * 83) / 13)


def test_office_prose_is_hard_and_plain_words_are_easy() -> None:
    office = (
        "L'erogazione delle prestazioni socioassistenziali domiciliari è subordinata alla presentazione "
        "dell'attestazione della situazione economica equivalente."
    )
    assert gulpease(office) < 40
    assert gulpease("Vieni quando vuoi. Ti aiutiamo noi.") == 100


def test_numbers_and_codes_are_not_words() -> None:
    assert words_of("Chiama 0331 000 011 alle 9.30, codice K7PQ-22") == ["Chiama", "alle", "codice"]
    assert gulpease("12,00 €") == 100


def test_a_decimal_point_or_an_hour_does_not_end_a_sentence() -> None:
    assert sentences_of("Dalle 16.30 alle 18 siamo qui. Vieni!") == ["Dalle 16.30 alle 18 siamo qui", "Vieni"]


def test_an_elision_is_two_words() -> None:
    assert words_of("L'aula è qui") == ["L", "aula", "è", "qui"]
