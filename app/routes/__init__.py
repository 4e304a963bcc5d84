"""The whole table of routes: one line a controller."""

from litestar import Controller

from app.routes.booking import BookingController
from app.routes.cancellation import CancellationController
from app.routes.catalogue import CatalogueController
from app.routes.checkout import (
    DetailsController,
    ForWhomController,
    GuestController,
    SplitController,
    SummaryController,
)
from app.routes.contact import ContactController
from app.routes.demo_message import DemoMessageController
from app.routes.device import DeviceController
from app.routes.household import HouseholdController
from app.routes.manifest import ManifestController
from app.routes.message import MessageController
from app.routes.move import MoveController
from app.routes.offline import OfflineController
from app.routes.push_subscription import PushReceiptController, PushSubscriptionController
from app.routes.service import ServiceController
from app.routes.sign_in import SignInController
from app.routes.slot import SlotController
from app.routes.social_point import SocialPointController
from app.routes.staff_sign_in import StaffSignInController
from app.routes.start import HealthController, MissingMunicipalityController, StartController
from app.routes.territory import TerritoryController

ROUTES: list[type[Controller]] = [
    BookingController,
    CancellationController,
    CatalogueController,
    ContactController,
    DemoMessageController,
    DetailsController,
    DeviceController,
    ForWhomController,
    GuestController,
    HealthController,
    HouseholdController,
    ManifestController,
    MessageController,
    MissingMunicipalityController,
    MoveController,
    OfflineController,
    PushReceiptController,
    PushSubscriptionController,
    ServiceController,
    SignInController,
    SlotController,
    SocialPointController,
    SplitController,
    StaffSignInController,
    StartController,
    SummaryController,
    TerritoryController,
]
