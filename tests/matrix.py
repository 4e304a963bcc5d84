"""Who may do what: one row a route, and whoever is not named is refused.

A row says who gets through: names of actors, or of groups of them. For everybody else the object of the address might
as well not exist: the same status and the same bytes as for one that is missing. A route without a row, or a row
without a route, fails (tests/pages/test_matrix.py).
"""

from dataclasses import dataclass

from litestar.routes import HTTPRoute

from app import addresses
from app.main import application

# The object of every address belongs to `owner`, in the territory of `desk`, at the provider of `operator`.
PEOPLE = ("owner", "stranger", "delegate", "watcher", "former_delegate")
STAFF = (
    "operator",
    "operator_elsewhere",
    "coordinator",
    "desk",
    "desk_elsewhere",
    "call_centre",
    "welfare_manager",
    "area_manager",
    "funder",
    "funder_elsewhere",
    "social_office",
    "administrator",
)
NOBODY = ("anonymous", "suspended")
ACTORS = NOBODY + PEOPLE + STAFF
GROUPS = {
    "public": ACTORS,
    "person": PEOPLE,
    "staff": STAFF,
    "counter": ("operator", "coordinator", "desk", "call_centre", "welfare_manager", "area_manager"),
    "guide": ("desk", "call_centre", "welfare_manager", "area_manager"),
    "enrolling": ("desk", "welfare_manager", "area_manager", "administrator"),
}

ROWS: dict[str, str] = {
    "GET start": "public",
    "GET missing_municipality": "public",
    "POST missing_municipality": "public",
    "GET missing_municipality_done": "public",
    "GET security": "public",
    "GET offline": "public",
    "GET outbox": "public",
    "GET manifest": "public",
    # finding
    "GET territory": "public",
    "GET catalogue": "public",
    "GET service": "public",
    "GET materials": "public",
    "GET material": "public",
    "GET material_file": "public",
    "GET notify_me": "public",
    "POST notify_me": "public",
    "GET notify_me_done": "public",
    "GET social_points": "public",
    "GET centres": "public",
    "GET week": "public",
    "GET week_ics": "public",
    "GET week_reader": "public",
    "POST week_reader": "public",
    "GET week_reader_done": "public",
    "GET week_confirmation": "public",  # whoever has the letter
    "POST week_confirmation": "public",
    "GET week_end": "public",
    "POST week_end": "public",
    "GET how_it_works": "public",
    "GET install": "public",
    "GET kept_services": "public",
    "GET who_sees": "public",
    "GET accessibility": "public",
    "GET legal": "public",
    "GET callback": "public",
    "POST callback": "public",
    "GET callback_done": "public",
    # booking: a hold belongs to the browser that made it
    "GET choose_place": "public",
    "GET choose_slot": "public",
    "POST hold": "public",
    "GET wish": "person",
    "POST wish": "person",
    "POST hold_extension": "owner",
    "POST hold_release": "owner",
    "GET for_whom": "owner",
    "POST for_whom": "owner",
    "GET guest": "owner",
    "POST guest": "owner",
    "GET details": "owner",
    "POST details": "owner",
    "GET summary": "owner",
    "POST summary": "owner",
    "GET split": "owner",
    "POST split": "owner",
    "GET request": "public",
    "POST request": "public",
    "GET booking_code": "public",
    "POST booking_code": "public",
    "GET booking_short": "owner delegate watcher counter",
    "GET booking": "owner delegate watcher counter",
    "GET booking_ics": "owner delegate watcher counter",
    "GET booking_slip": "owner delegate watcher counter",
    "GET cancellation": "owner delegate counter",
    "POST cancellation": "owner delegate counter",
    "GET move": "owner delegate counter",
    "POST move": "owner delegate counter",
    # signing in and out
    "GET sign_in": "public",
    "POST sign_in": "public",
    "POST sign_out": "public",
    "POST leave_phone": "public",
    "GET leave_phone": "public",
    "GET staff_sign_in": "public",
    "POST staff_sign_in": "public",
    "GET funder_sign_in": "public",
    "POST funder_sign_in": "public",
    "POST funder_sign_out": "public",
    # the person's own pages
    "GET me": "person",
    "GET agenda": "person",
    "GET wallet": "person",
    "GET purse": "owner",
    "GET messages": "person",
    "GET looks": "person",
    "GET devices": "person",
    "POST devices": "person",
    "GET contacts": "person",
    "POST contacts": "person",
    "GET household": "person",
    "GET delegation": "owner",
    "POST delegation": "owner",
    "GET declaration": "owner",
    "POST declaration": "owner",
    "GET calendar": "person",
    "POST calendar": "person",
    "GET calendar_feed": "public",  # whoever has the secret
    "POST push_subscription": "person",
    "POST push_receipt": "public",
    "POST sms_status": "public",
    # desk
    "GET desk": "counter",
    "GET desk_search": "counter",
    "POST desk_search": "counter",
    "GET desk_booking": "counter",
    "POST desk_booking": "counter",
    "GET desk_family": "enrolling",
    "GET desk_child": "enrolling",
    "POST desk_child": "enrolling",
    "GET desk_trust": "enrolling",
    "POST desk_trust": "enrolling",
    "GET desk_trust_pin": "enrolling",
    "POST desk_trust_pin": "enrolling",
    "GET desk_delegation": "enrolling",
    "POST desk_delegation": "enrolling",
    "GET desk_move": "counter",
    "POST desk_move": "counter",
    "POST check_in": "counter",
    "GET door": "counter",
    "POST door": "counter",
    "GET door_list": "counter",
    "POST door_upload": "counter",
    "GET door_review": "counter",
    "POST door_decision": "counter",
    "GET to_close": "counter",
    "GET desk_requests": "counter",
    "POST desk_callback": "guide",
    "GET desk_person": "counter",
    "GET desk_person_services": "counter",
    "GET desk_person_book": "guide",
    "POST desk_person_book": "guide",
    "GET desk_person_confirm": "desk",
    "POST desk_person_confirm": "desk",
    "GET walk_in": "counter",
    "POST walk_in": "counter",
    "GET enrolment": "enrolling",
    "POST enrolment": "enrolling",
    "GET first_pin": "enrolling",
    "POST first_pin": "enrolling",
    "GET card_reissue": "enrolling",
    "POST card_reissue": "enrolling",
    "GET card_sheet": "enrolling",
    "GET call_list": "guide",
    "POST call_list": "guide",
    # funders
    "GET funder": "funder funder_elsewhere social_office",
    "GET fund": "funder social_office",
    "GET fund_csv": "funder social_office",
    "GET fund_people": "social_office",
    # demo: the world of these walks is one; where none is told both are absent (tests/routes/test_demo.py)
    "GET demo": "public",
    "POST demo_story": "public",
    "GET demo_messages": "public",
}

# Addresses whose pages are still to come: their rows say what is meant. One that is built must leave this list.
NOT_YET_BUILT: set[str] = set()

# Answered before the application is asked (app/edge/outer.py).
OF_THE_EDGE = {"static", "service_worker", "desk_worker", "healthz", "readyz"}


@dataclass(frozen=True)
class Door:
    """A route: its method and the name of its address."""

    method: str
    name: str

    def __str__(self) -> str:
        return f"{self.method} {self.name}"

    @property
    def parts(self) -> list[str]:
        segments = addresses.PATTERNS[self.name].split("/")
        return [part[1:-1].partition(":")[0] for part in segments if part.startswith("{")]

    @property
    def let_in(self) -> set[str]:
        """The actors who get through."""
        return actors(ROWS[str(self)])

    @property
    def leads_to_sign_in(self) -> bool:
        """A redirect to signing in is what it does, not a refusal."""
        return self.name in ("sign_out", "leave_phone", "funder_sign_out")

    @property
    def is_public(self) -> bool:
        return self.let_in == set(ACTORS)


def actors(row: str) -> set[str]:
    named = {actor for word in row.split() for actor in GROUPS.get(word, (word,))}
    assert named <= set(ACTORS), f"nobody is called {sorted(named - set(ACTORS))}"
    return named


def doors() -> list[Door]:
    """Every route of the application, always in one order; one without a name in app/addresses.py is an error."""
    names = {addresses.path(name): name for name in addresses.PATTERNS}
    found = []
    for route in application().routes:
        assert isinstance(route, HTTPRoute), f"{route.path} is no plain HTTP route"
        assert route.path in names, f"{route.path} has no name in app/addresses.py"
        found += [Door(method, names[route.path]) for method in sorted(route.methods - {"OPTIONS", "HEAD"})]
    return sorted(found, key=str)
