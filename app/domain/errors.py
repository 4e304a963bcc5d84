"""Refusals: what cannot be done, as a key and arguments; the language is chosen at the edge.

Refusal
├── NotFound            not there, or not yours: the same answer
├── SignInNeeded        somebody must say who they are first
├── Wait                `seconds` until it is worth coming back
│   ├── TooManyAttempts  wait `minutes`, then try again
│   ├── TooManyToday     wait until tomorrow
│   └── TooManyFromHere  other people's tries count too: one connection for a library or an office
├── OnTheList           somebody waits at this telephone to be called already
├── KeyReused           the same form key came with other input; `verb` and `result` are the first outcome
├── InvalidInput        a field is wrong although the form could not know
├── ServiceIncomplete   not ready to be seen, with each thing it lacks
├── SlotRefusal
│   ├── SlotFull        nobody was faster on purpose
│   ├── SlotNotOffered  not in the working plan, too soon, too far, closed
│   ├── NoTimeLeft      of several wished times none can be had
│   ├── HoldExpired     the fifteen minutes are over and the place is gone; `slug` names the service
│   ├── AlreadyBooked   this hold has become the booking `code`
│   └── TooManyHolds
├── BookingRefusal
│   ├── MinorNeedsDeclaration
│   ├── AgeNotServed
│   ├── PlaceNotServed  nobody goes to the Comune where this person lives
│   ├── GuestNotAllowed
│   ├── TooManyOpenBookings
│   ├── HasTheTime      who receives it is booked for this time already: the booking `code`
│   │   ├── AlreadyYours
│   │   └── AlreadyTheirs   somebody one books for
│   ├── AlreadyClosed   arrived, absent or cancelled before
│   ├── TooLate
│   └── TooSoon         nobody arrives the day before
├── MoneyRefusal
│   ├── CreditTooSmall
│   ├── SplitChanged    what would be paid is no longer what was shown
│   ├── FundRefuses     with the rule named
│   ├── HoldResolved    a hold resolves once
│   └── OverBudget
└── AccessRefusal
    ├── WrongCredentials
    ├── PinNeeded
    ├── WrongStaffCredentials
    ├── WrongBookingCode    also for a booking that does not exist
    ├── WeakPin             `reason`: length, easy, birth_date
    ├── PinExists           a first PIN is chosen once
    ├── CardRevoked
    ├── CardTaken
    ├── UnknownCard
    └── AlreadyEnrolled     `person_id` 0 where the enrolment is in another territory
"""


class Refusal(Exception):
    """Carries `key` (the class's name in snake case) and `arguments` for the sentence in views/refusal.py."""

    status = 422
    key = "refusal"

    def __init_subclass__(cls) -> None:
        cls.key = "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")

    def __init__(self, *, field: str = "", **arguments: object) -> None:
        self.field = field
        self.arguments = arguments
        super().__init__(self.key)


class NotFound(Refusal):
    status = 404


class SignInNeeded(Refusal):
    status = 401


class Wait(Refusal):
    status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(minutes=max(2, -(-seconds // 60)))


class TooManyAttempts(Wait):
    pass


class TooManyToday(Wait):
    pass


class TooManyFromHere(Wait):
    pass


class OnTheList(Refusal):
    pass


class KeyReused(Refusal):
    pass


class InvalidInput(Refusal):
    pass


class ServiceIncomplete(Refusal):
    """`missing` names each unmet item: mode, price, category, owner, action, texts."""


class SlotRefusal(Refusal):
    pass


class SlotFull(SlotRefusal):
    pass


class SlotNotOffered(SlotRefusal):
    pass


class NoTimeLeft(SlotRefusal):
    pass


class HoldExpired(SlotRefusal):
    pass


class AlreadyBooked(SlotRefusal):
    pass


class TooManyHolds(SlotRefusal):
    pass


class BookingRefusal(Refusal):
    pass


class MinorNeedsDeclaration(BookingRefusal):
    pass


class AgeNotServed(BookingRefusal):
    pass


class PlaceNotServed(BookingRefusal):
    pass


class GuestNotAllowed(BookingRefusal):
    pass


class TooManyOpenBookings(BookingRefusal):
    pass


class HasTheTime(BookingRefusal):
    pass


class AlreadyYours(HasTheTime):
    pass


class AlreadyTheirs(HasTheTime):
    pass


class AlreadyClosed(BookingRefusal):
    pass


class TooLate(BookingRefusal):
    pass


class TooSoon(BookingRefusal):
    pass


class MoneyRefusal(Refusal):
    pass


class CreditTooSmall(MoneyRefusal):
    pass


class SplitChanged(MoneyRefusal):
    pass


class FundRefuses(MoneyRefusal):
    """`rule` is a reason of `split.Reason`."""


class HoldResolved(MoneyRefusal):
    pass


class OverBudget(MoneyRefusal):
    pass


class AccessRefusal(Refusal):
    pass


class WrongCredentials(AccessRefusal):
    pass


class PinNeeded(AccessRefusal):
    pass


class CardRevoked(AccessRefusal):
    pass


class CardTaken(AccessRefusal):
    pass


class WrongStaffCredentials(AccessRefusal):
    pass


class WrongBookingCode(AccessRefusal):
    pass


class WeakPin(AccessRefusal):
    pass


class PinExists(AccessRefusal):
    pass


class UnknownCard(AccessRefusal):
    pass


class AlreadyEnrolled(AccessRefusal):
    pass
