"""The whole table of routes: one line a controller."""

from litestar import Controller

from app.routes.agenda import AgendaController
from app.routes.booking import BookingController
from app.routes.booking_code import BookingCodeController
from app.routes.calendar_feed import CalendarController
from app.routes.call_list import CallListController
from app.routes.callback import CallbackController
from app.routes.cancellation import CancellationController
from app.routes.catalogue import CatalogueController
from app.routes.checkout import CheckoutController
from app.routes.contact import ContactController
from app.routes.demo import DemoController
from app.routes.demo_message import DemoMessageController
from app.routes.desk import CheckInController, DeskController, DeskSearchController
from app.routes.desk_booking import DeskBookingController
from app.routes.desk_family import DeskDelegationController, DeskFamilyController
from app.routes.desk_move import DeskMoveController
from app.routes.desk_person import DeskPersonBookController, DeskPersonConfirmController, DeskPersonController
from app.routes.desk_request import DeskRequestController
from app.routes.device import DeviceController
from app.routes.door import DoorController
from app.routes.door_review import DoorReviewController
from app.routes.enrolment import CardController, EnrolmentController, FirstPinController
from app.routes.fund import FundController
from app.routes.fund_people import FundPeopleController
from app.routes.funder import FunderController
from app.routes.household import HouseholdController
from app.routes.information import InformationController
from app.routes.kept_services import KeptServicesController
from app.routes.look import LookController
from app.routes.manifest import ManifestController
from app.routes.material import MaterialController
from app.routes.me import MeController
from app.routes.message import MessageController
from app.routes.move import MoveController
from app.routes.offline import OfflineController
from app.routes.push_subscription import PushSubscriptionController
from app.routes.request import RequestController
from app.routes.security import SecurityController
from app.routes.service import ServiceController
from app.routes.sign_in import SignInController
from app.routes.slot import SlotController
from app.routes.social_point import SocialPointController
from app.routes.staff_sign_in import StaffSignInController
from app.routes.start import MissingMunicipalityController, StartController
from app.routes.territory import TerritoryController
from app.routes.to_close import ToCloseController
from app.routes.waiting import WaitingController
from app.routes.walk_in import WalkInController
from app.routes.wallet import WalletController
from app.routes.week import WeekController
from app.routes.week_reader import WeekReaderController
from app.routes.wish import WishController

ROUTES: list[type[Controller]] = [
    BookingCodeController,
    BookingController,
    CalendarController,
    CallListController,
    CallbackController,
    CancellationController,
    CardController,
    CatalogueController,
    CheckInController,
    CheckoutController,
    ContactController,
    DemoController,
    DemoMessageController,
    DeskBookingController,
    DeskController,
    DeskDelegationController,
    DeskFamilyController,
    DeskMoveController,
    DeskPersonBookController,
    DeskPersonConfirmController,
    DeskPersonController,
    DeskRequestController,
    DeskSearchController,
    DeviceController,
    DoorController,
    DoorReviewController,
    EnrolmentController,
    FirstPinController,
    FundController,
    FundPeopleController,
    FunderController,
    HouseholdController,
    InformationController,
    KeptServicesController,
    LookController,
    ManifestController,
    MaterialController,
    MeController,
    AgendaController,
    MessageController,
    MissingMunicipalityController,
    MoveController,
    OfflineController,
    PushSubscriptionController,
    RequestController,
    SecurityController,
    ServiceController,
    SignInController,
    SlotController,
    SocialPointController,
    StaffSignInController,
    StartController,
    TerritoryController,
    ToCloseController,
    WaitingController,
    WalkInController,
    WalletController,
    WeekController,
    WeekReaderController,
    WishController,
]
