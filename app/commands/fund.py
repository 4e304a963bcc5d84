"""vicino funder create; vicino fund create, pay-in, issue"""

from typing import get_args

from app.commands import typed
from app.commands.base import Arguments, Commands, Mistake, command, group, id_of, in_database
from app.domain import card, clock, fund
from app.domain.actor import SYSTEM
from app.domain.fund import FunderKind
from app.domain.fund_rule import Rule


def add(commands: Commands) -> None:
    made = command(group(commands, "funder", "who gives money"), "create", "a new funder", create_funder)
    made.add_argument("slug", help="its short name for these commands: comune-di-rho")
    made.add_argument("name", type=typed.text, help="'Comune di Rho'")
    made.add_argument("--said", type=typed.text, help="the name inside an Italian sentence: 'il Comune di Rho'")
    made.add_argument("--kind", choices=get_args(FunderKind), default="municipality")
    funds = group(commands, "fund", "money with rules: paid in, then given to people as credit")
    _add_create(funds)
    paying = command(funds, "pay-in", "money arrives in a fund", pay_in)
    paying.add_argument("fund", metavar="SLUG")
    paying.add_argument("amount", type=typed.euro, metavar="EURO", help="1.500 or 99,50")
    paying.add_argument("--act", type=typed.text, required=True, help="the act it comes from: determina-214/2026")
    giving = command(funds, "issue", "credit for the person who holds a card", issue)
    giving.add_argument("fund", metavar="SLUG")
    giving.add_argument("amount", type=typed.euro, metavar="EURO", help="120 or 99,50")
    giving.add_argument("--card", required=True, help="the code of the card")
    giving.add_argument("--until", type=typed.day, required=True, metavar="DATE", help="its last day")


def _add_create(funds: Commands) -> None:
    made = command(funds, "create", "a new fund, empty; without rules it pays every service", create)
    made.add_argument("slug", help="its word in addresses: famiglie-2026")
    made.add_argument("name", type=typed.text, help="as people read it on receipts: 'Comune di Rho'")
    made.add_argument("--funder", metavar="SLUG", required=True)
    made.add_argument("--from", dest="from_on", type=typed.day, required=True, metavar="DATE", help="first day")
    made.add_argument("--until", dest="until_on", type=typed.day, required=True, metavar="DATE", help="last day")
    made.add_argument("--administrative-name", type=typed.text, help="the name in the accounts (the name)")
    made.add_argument("--territory", action="append", default=[], metavar="SLUG", help="pays only there; repeatable")
    made.add_argument("--category", action="append", default=[], metavar="CODE", help="pays only this; repeatable")
    made.add_argument("--share", type=typed.percent, metavar="PERCENT", help="pays at most this part of a price")
    made.add_argument("--most", type=typed.euro, metavar="EURO", help="pays at most this for one booking")


def create_funder(arguments: Arguments) -> None:
    async def run() -> None:
        said = arguments.said or arguments.name
        word = arguments.slug
        await fund.create_funder(word, arguments.name, arguments.kind, said=said, actor=SYSTEM, now=clock.now())
        print(f"{arguments.name}: now `vicino fund create SLUG NAME --funder {word} ...`")

    in_database(run)


def create(arguments: Arguments) -> None:
    async def run() -> None:
        funder = await id_of("funder", arguments.funder)
        terms = fund.Terms(
            arguments.slug,
            arguments.name,
            arguments.administrative_name or arguments.name,
            arguments.from_on,
            arguments.until_on,
        )
        await fund.create_fund(funder, terms, _rules(arguments), actor=SYSTEM, now=clock.now())
        print(f"{arguments.name}: now `vicino fund pay-in {arguments.slug} EURO --act ...`")

    in_database(run)


def pay_in(arguments: Arguments) -> None:
    async def run() -> None:
        number = await id_of("fund", arguments.fund)
        await fund.pay_in(number, arguments.amount, reason=arguments.act, actor=SYSTEM, now=clock.now())
        left = (await fund.identity(number)).uncommitted_cents
        print(f"To give: {_euro(left)}")

    in_database(run)


def issue(arguments: Arguments) -> None:
    async def run() -> None:
        number, held = await id_of("fund", arguments.fund), await card.by_code(arguments.card)
        if held is None or held.person_id is None or held.is_revoked:
            raise Mistake(f"No person holds the card '{arguments.card}'.")
        until, now = arguments.until, clock.now()
        await fund.issue(number, arguments.amount, until, person_id=held.person_id, actor=SYSTEM, now=now)
        left = (await fund.identity(number)).uncommitted_cents
        print(f"Given {_euro(arguments.amount)}, to use by {until:%d/%m/%Y}. Left to give: {_euro(left)}")

    in_database(run)


def _rules(arguments: Arguments) -> list[Rule]:
    found = [Rule("territory", slug) for slug in arguments.territory]
    found += [Rule("category", code) for code in arguments.category]
    if arguments.share or arguments.most:
        found.append(Rule("share", "", arguments.share, arguments.most))
    return found


def _euro(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02} €"
