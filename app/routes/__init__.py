"""The whole table of routes: one line a controller."""

from litestar import Controller

from app.routes.booking import BookingController
from app.routes.cancellation import CancellationController
from app.routes.checkout import (
    DetailsController,
    ForWhomController,
    GuestController,
    SplitController,
    SummaryController,
)
from app.routes.manifest import ManifestController
from app.routes.move import MoveController
from app.routes.offline import OfflineController
from app.routes.slot import SlotController
from app.routes.start import HealthController, StartController

ROUTES: list[type[Controller]] = [
    HealthController,
    ManifestController,
    OfflineController,
    StartController,
    BookingController,
]
