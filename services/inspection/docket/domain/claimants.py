"""Which organisations claim on the docket, and by which channels they come in."""

from collections.abc import Mapping

from shared.contracts.values import Channel, Role
from shared.errors import BadInput, Forbidden

CLAIMANTS: Mapping[str, tuple[Channel, ...]] = {
    Role.AUTHORITY: (
        Channel.INSPECTION,
        Channel.MEDIA,
        Channel.SUPERIOR_ASSIGNED,
        Channel.ACCIDENT_DERIVED,
    ),
    Role.COMMITTEE: (Channel.SUPERIOR_ASSIGNED, Channel.MEDIA),
    Role.TOWNSHIP: (Channel.TRANSFER_IN,),
    Role.PARTNER: (Channel.TRANSFER_IN,),
}
"""Who claims here, and by which channels; the first is meant when none is named."""


def channel_for(roles: frozenset[str], named: Channel | None) -> Channel:
    """Give the channel of an organisation's claim; raises 403 for people, who report in their own channel."""
    for role, channels in CLAIMANTS.items():
        if role in roles:
            if named is not None and named not in channels:
                raise BadInput(
                    "not-your-channel",
                    f"Your claims come in by: {', '.join(channels)}.",
                    f"您的登记渠道为：{'、'.join(channels)}。",
                    channels=list(channels),
                )
            return named or channels[0]
    raise Forbidden(
        "claims-are-for-authorities",
        "Only authorities, the committee, townships and partner agencies claim here.",
        "仅监管部门、安委会、乡镇和协作单位可在此登记。",
    )
