"""Who acts: passed to every verb, never looked up in the dark."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["anonymous", "person", "staff", "system"]
RoleName = Literal[
    "operator",
    "coordinator",
    "desk",
    "call_centre",
    "welfare_manager",
    "area_manager",
    "funder",
    "social_office",
    "administrator",
]


@dataclass(frozen=True, slots=True)
class Role:
    name: RoleName
    scope_kind: Literal["territory", "provider", "funder"]
    scope_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is a person, a staff member, or 0; `session_id` is 0 where no session exists yet."""

    kind: ActorKind
    id: int = 0
    session_id: int = 0
    roles: tuple[Role, ...] = ()
    is_shared: bool = False
    device: str = ""

    @property
    def scope(self) -> str:
        """Idempotency keys belong to one person, staff member or anonymous session."""
        return f"{self.kind}:{self.id or self.session_id}"

    def holds(self, *names: RoleName, scope_kind: str, scope_id: int) -> bool:
        return any(r.name in names and r.scope_kind == scope_kind and r.scope_id == scope_id for r in self.roles)

    def scopes(self, *names: RoleName, scope_kind: str) -> list[int]:
        return [r.scope_id for r in self.roles if r.name in names and r.scope_kind == scope_kind]


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system")
