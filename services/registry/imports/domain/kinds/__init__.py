"""The tables that can be imported, column by column; a new column is one entry here and nothing else."""

from collections.abc import Mapping

from services.registry.imports.domain.columns import Kind
from services.registry.imports.domain.kinds.areas import AREAS
from services.registry.imports.domain.kinds.certificates import CERTIFICATES
from services.registry.imports.domain.kinds.enterprises import ENTERPRISES
from services.registry.imports.domain.kinds.parties import PARTIES
from services.registry.imports.domain.kinds.people import MEMBERSHIPS, PEOPLE

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (AREAS, PARTIES, ENTERPRISES, PEOPLE, MEMBERSHIPS, CERTIFICATES)
}
