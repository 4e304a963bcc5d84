"""Where Piccolo's own commands look for the engine."""

from piccolo.conf.apps import AppRegistry

from app.database import DB

__all__ = ["DB"]

APP_REGISTRY = AppRegistry(apps=[])
