"""Without this file a manifest could open a way that the architecture does not have."""

import ipaddress
from collections.abc import Iterator
from itertools import product

from manifests import SERVICES, Doc, container, of_kind, platform, pods, rendered, selects

PORTS = (8000, 5432, 4222, 6222, 8222)

# Addresses that a subscriber's host name may resolve to and that must not be reached.
INSIDE = (
    *("10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.1.1", "100.64.0.1", "127.0.0.1", "169.254.169.254"),
    *("0.0.0.1", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "255.255.255.255"),
)


def ways(docs: list[Doc], direction: str) -> set[tuple[str, str, int]]:
    """Every (from, to, port) between pods of the namespace that the policies of one side leave open."""
    labels = {name: pod["metadata"]["labels"] for name, pod in pods(docs).items()}
    labels |= {name: {"cnpg.io/cluster": name} for name in of_kind(docs, "Cluster")}
    policies = [policy["spec"] for policy in of_kind(docs, "NetworkPolicy").values()]

    def opens(rule: Doc, other: str, port: int) -> bool:
        peers = rule.get("from" if direction == "Ingress" else "to", [{"podSelector": {}}])
        ports = {entry["port"] for entry in rule.get("ports", [{"port": port}])}
        return port in ports and any(
            peer.keys() == {"podSelector"} and selects(peer["podSelector"], labels[other]) for peer in peers
        )

    found: set[tuple[str, str, int]] = set()
    for mine, other, port in product(labels, labels, PORTS):
        own = [p for p in policies if direction in p["policyTypes"] and selects(p["podSelector"], labels[mine])]
        rules = [rule for policy in own for rule in policy.get(direction.lower(), [])]
        if not own or any(opens(rule, other, port) for rule in rules):
            found.add((other, mine, port) if direction == "Ingress" else (mine, other, port))
    return found


def architecture(overlay: str) -> Iterator[tuple[str, str, int]]:
    """Only the gateway calls services; services read its public keys, and speak with their database and the broker."""
    for name in SERVICES:
        database = "postgres" if overlay == "local" else f"{name}-database"
        yield ("gateway", name, 8000)
        yield (name, "gateway", 8000)
        yield (name, "nats", 4222)
        yield (name, database, 5432)
        yield (f"{name}-migrate", database, 5432)
        if overlay == "production":
            yield (database, database, 5432)
            yield (database, database, 8000)
    yield ("streams", "nats", 4222)
    yield ("nats", "nats", 6222)


def test_both_ends_of_every_way_open_what_the_architecture_has(overlay: str, docs: list[Doc]):
    assert ways(docs, "Egress") == ways(docs, "Ingress") == set(architecture(overlay))


def test_nobody_speaks_without_a_policy(docs: list[Doc]):
    assert of_kind(docs, "NetworkPolicy")["default-deny"]["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }


def reaching_out(docs: list[Doc], direction: str, kind: str) -> dict[str, list[Doc]]:
    """Give, by policy, its peers of a kind: address ranges or other namespaces."""
    side = {"ingress": "from", "egress": "to"}[direction]
    found = {
        name: [peer[kind] for rule in policy["spec"].get(direction, []) for peer in rule.get(side, []) if kind in peer]
        for name, policy in of_kind(docs, "NetworkPolicy").items()
    }
    return {name: peers for name, peers in found.items() if peers}


def test_only_notify_reaches_the_outside_and_only_the_outside(overlay: str, docs: list[Doc]):
    ranges = reaching_out(docs, "egress", "ipBlock")

    [outside] = ranges.pop("notify")
    assert outside["cidr"] == "0.0.0.0/0"
    excepted = [ipaddress.ip_network(text) for text in outside["except"]]
    for address in map(ipaddress.ip_address, INSIDE):
        assert any(address in network for network in excepted), address
    assert not any(ipaddress.ip_address("8.8.8.8") in network for network in excepted)

    # The database operator's agents speak with the cluster's own interface.
    assert ranges.keys() == ({"databases-to-cluster"} if overlay == "production" else set())
    assert all(ipaddress.ip_network(peer["cidr"]).is_private for peers in ranges.values() for peer in peers)


def test_only_the_gateway_is_entered_from_outside(overlay: str, docs: list[Doc]):
    assert reaching_out(docs, "ingress", "ipBlock") == {}

    entered = reaching_out(docs, "ingress", "namespaceSelector")
    assert entered.pop("gateway") == [{"matchLabels": {"commonwatch-ingress": "true"}}]
    operator = [{"matchLabels": {"kubernetes.io/metadata.name": "cnpg-system"}}]
    assert entered == ({f"{name}-database": operator for name in SERVICES} if overlay == "production" else {})

    doors = of_kind(docs, "Ingress")
    backends = [path["backend"] for d in doors.values() for r in d["spec"]["rules"] for path in r["http"]["paths"]]
    expected = [{"service": {"name": "gateway", "port": {"name": "http"}}}] if overlay == "production" else []
    assert backends == expected


def test_the_services_with_evidence_reach_its_store_and_names_are_asked_of_the_cluster(overlay: str, docs: list[Doc]):
    reached = reaching_out(docs, "egress", "namespaceSelector")
    resolver = [{"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}]
    store = [{"matchLabels": {"kubernetes.io/metadata.name": "evidence-store"}}]
    assert reached == ({"names": resolver, "evidence-store": store} if overlay == "production" else {"names": resolver})

    if overlay == "production":
        selector = of_kind(docs, "NetworkPolicy")["evidence-store"]["spec"]["podSelector"]
        allowed = {name for name, pod in pods(docs).items() if selects(selector, pod["metadata"]["labels"])}
        assert allowed == {"registry", "inspection", "thirdparty", "volunteer"}


def test_the_door_and_the_tokens_name_one_host():
    [door] = of_kind(rendered("production"), "Ingress").values()

    host = platform(rendered("production"))["COMMONWATCH_ISSUER"].removeprefix("https://")
    assert [rule["host"] for rule in door["spec"]["rules"]] == [host]
    assert [tls["hosts"] for tls in door["spec"]["tls"]] == [[host]]


def test_what_goes_before_the_services_is_enough_to_migrate(overlay: str, docs: list[Doc]):
    before = [doc for doc in docs if doc["metadata"].get("labels", {}).get("app.kubernetes.io/component") != "service"]
    jobs = of_kind(before, "Job")
    needed = {way for way in architecture(overlay) if way[0] in jobs}

    assert len(jobs) == len(SERVICES) + 1
    assert not of_kind(before, "Deployment")
    assert {way for way in ways(before, "Egress") if way[0] in jobs} == needed <= ways(before, "Ingress")
    for job in jobs.values():
        spec = job["spec"]["template"]["spec"]
        assert spec.get("serviceAccountName", "default") in {"default", *of_kind(before, "ServiceAccount")}
        assert container(job["spec"]["template"])["envFrom"][0]["configMapRef"]["name"] in of_kind(before, "ConfigMap")
