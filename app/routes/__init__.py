"""The whole table of routes: one line a controller."""

from litestar import Controller

from app.routes.manifest import ManifestController
from app.routes.offline import OfflineController
from app.routes.start import HealthController, StartController

ROUTES: list[type[Controller]] = [
    HealthController,
    ManifestController,
    OfflineController,
    StartController,
]
