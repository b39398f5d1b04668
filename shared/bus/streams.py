"""The streams and consumers that a deployment has; laid as a migration step, never by a service."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from dataclasses import dataclass

import nats
from nats.errors import Error as NatsError
from nats.js import api
from nats.js.errors import NotFoundError

from shared.broker import ADVISORY_STREAM, OUTSIDE_STREAM, STREAM

ACK_WAIT_S = 10
"""So long what a killed consumer had in its hands waits for the next; a batch takes far less than a second."""


@dataclass(frozen=True, slots=True)
class Durable:
    """A pull consumer that a service owns."""

    name: str
    filters: Sequence[str]
    stream: str = STREAM


async def lay_streams(url: str, seed: str | None, durables: Sequence[Durable], *, replicas: int = 1) -> None:
    """Create or update streams and consumers: an idempotent migration step; services never create streams.

    Raises OSError when the broker cannot be reached.
    """
    try:
        client = await nats.connect(
            url.split(","), name="platform", nkeys_seed_str=seed, connect_timeout=5, max_reconnect_attempts=2
        )
    except NatsError as refused:
        raise ConnectionError(str(refused)) from refused
    try:
        js = client.jetstream(timeout=10)
        day_s = 86_400.0
        for config in (
            api.StreamConfig(
                name=STREAM,
                subjects=["cw.>"],
                max_age=14 * day_s,
                duplicate_window=120,
                allow_direct=True,
                allow_atomic=True,
                num_replicas=replicas,
            ),
            api.StreamConfig(
                name=OUTSIDE_STREAM,
                subjects=["cwout.>"],
                max_age=7 * day_s,
                duplicate_window=120,
                allow_direct=True,
                allow_atomic=True,
                num_replicas=replicas,
            ),
            api.StreamConfig(
                name=ADVISORY_STREAM,
                subjects=[
                    "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>",
                    "$JS.EVENT.ADVISORY.STREAM.BATCH_ABANDONED.>",
                ],
                max_age=30 * day_s,
                allow_direct=True,
                num_replicas=replicas,
            ),
        ):
            try:
                await js.stream_info(config.name or "")
                await js.update_stream(config)
            except NotFoundError:
                await js.add_stream(config)
        for durable in durables:
            await js.add_consumer(durable.stream, consumer_config(durable))
            await js.add_consumer(ADVISORY_STREAM, consumer_config(_given_up(durable)))
    finally:
        await client.close()


def consumer_config(durable: Durable) -> api.ConsumerConfig:
    """Give what the broker must know of a consumer."""
    return api.ConsumerConfig(
        durable_name=durable.name,
        ack_policy=api.AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_ack_pending=2_000,
        max_deliver=100,
        filter_subjects=list(durable.filters),
    )


def _given_up(durable: Durable) -> Durable:
    """Name the consumer by which a service learns what the broker gave up delivering to it."""
    advisory = f"$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.{durable.stream}.{durable.name}"
    return Durable(durable.name, [advisory], ADVISORY_STREAM)


async def stream_names(url: str, seed: str | None) -> list[str]:
    """List the streams that exist; raises OSError when the broker cannot be reached or refuses."""
    try:
        client = await nats.connect(
            url.split(","), name="platform", nkeys_seed_str=seed, connect_timeout=3, allow_reconnect=False
        )
    except NatsError as refused:
        raise ConnectionError(str(refused)) from refused
    try:
        return sorted(info.config.name or "" for info in await client.jetstream(timeout=5).streams_info())
    except NatsError as refused:
        raise ConnectionError(str(refused)) from refused
    finally:
        await client.close()
