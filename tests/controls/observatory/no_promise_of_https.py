"""Browsers are not told to come by https alone."""

from app import cli
from app.edge import headers
from app.edge.headers import Headers

NOTICED_BY = "pages below A+"

real = headers.of_document


def of_document(*, is_https: bool) -> Headers:
    return real(is_https=False)


headers.of_document = of_document

if __name__ == "__main__":
    cli.main()
