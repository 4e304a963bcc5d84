"""The browser may keep the pages of who is signed in, if it asks again before it shows them."""

from app import cli
from app.edge import headers

NOTICED_BY = "words found in what the site had kept"

headers._CACHE["personal"] = "private, no-cache"

if __name__ == "__main__":
    cli.main()
