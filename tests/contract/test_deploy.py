"""Without this file a manifest could ask for what no cluster grants, or a pod keep what it does not need."""

import re

import jsonschema
import kubernetes_validate
from manifests import DEPLOY, OVERLAYS, ROOT, SERVICES, Doc, container, of_kind, platform, pods, rendered, selects

KUBERNETES = kubernetes_validate.latest_version()
LONGEST_HANDLER_S = 30  # a consumer's ack wait

EVERY_SERVICE_KNOWS = {
    *("DATABASE_URL", "NATS_URL", "NATS_SEED_FILE", "ISSUER", "JWKS_URL", "PROFILE", "COUNTY_CODE", "PUBLIC_URL"),
}
ONE_SERVICE_KNOWS = {
    "gateway": {
        "SIGNING_KEY_FILE",
        "OPERATOR_SECRET_FILE",
        "FACTOR_KEY_FILE",
        "SECOND_FACTOR_REQUIRED",
        "TRUSTED_PROXIES",
        *(f"URL_{name.upper()}" for name in SERVICES if name != "gateway"),
    },
    "registry": {"EVIDENCE_URL"},
    "inspection": {"EVIDENCE_URL"},
    "thirdparty": {"EVIDENCE_URL"},
    "volunteer": {"EVIDENCE_URL", "VAULT_KEY_FILE"},
    "notify": {"SMTP_URL"},
}

# The part of CloudNativePG's Cluster that the manifests may use; a misspelt field is refused, not ignored.
CLUSTER = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "properties": {
        "apiVersion": {"const": "postgresql.cnpg.io/v1"},
        "spec": {
            "type": "object",
            "additionalProperties": False,
            "required": ["instances", "imageCatalogRef", "bootstrap", "postgresql", "storage", "resources"],
            "properties": {
                "instances": {"const": 3},
                "imageCatalogRef": {
                    "const": {
                        "apiGroup": "postgresql.cnpg.io",
                        "kind": "ClusterImageCatalog",
                        "name": "postgresql",
                        "major": 18,
                    }
                },
                "bootstrap": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "initdb": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["database", "owner", "encoding"],
                            "properties": {
                                key: {"type": "string"}
                                for key in (
                                    *("database", "owner", "encoding", "localeProvider", "builtinLocale"),
                                    *("localeCollate", "localeCType"),
                                )
                            },
                        }
                    },
                },
                # The default is asynchronous: it loses acknowledged writes on failover.
                "postgresql": {"const": {"synchronous": {"method": "any", "number": 1, "dataDurability": "required"}}},
                "affinity": {
                    "const": {
                        "enablePodAntiAffinity": True,
                        "podAntiAffinityType": "preferred",
                        "topologyKey": "topology.kubernetes.io/zone",
                    }
                },
                "storage": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"size": {"type": "string"}},
                },
                "resources": {"type": "object", "required": ["requests", "limits"]},
            },
        },
    },
}


def test_every_service_has_a_kustomization():
    folders = {path.parent.name for path in (DEPLOY / "k8s/services").glob("*/kustomization.yaml")}

    packages = {path.name for path in (ROOT / "services").iterdir() if path.is_dir() and path.name[0] != "_"} - {"cli"}
    assert folders == set(SERVICES) == packages


def test_every_manifest_is_one_that_kubernetes_accepts(docs: list[Doc]):
    for doc in docs:
        if doc["kind"] == "Cluster":
            jsonschema.validate(doc, CLUSTER)
        else:
            kubernetes_validate.validate(doc, KUBERNETES, strict=True)


def test_everything_lives_in_one_namespace_that_enforces_the_restricted_standard(docs: list[Doc]):
    [namespace] = of_kind(docs, "Namespace").values()

    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    inside = {doc["metadata"].get("namespace") for doc in docs if doc is not namespace}
    assert inside == {namespace["metadata"]["name"]}


def test_every_pod_gives_up_what_it_does_not_need(docs: list[Doc]):
    for name, pod in pods(docs).items():
        spec, [only] = pod["spec"], pod["spec"]["containers"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"].get("runAsUser") != 0, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert only["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert not spec.keys() & {"hostNetwork", "hostPID", "hostIPC"}, name
        assert not any("hostPath" in volume for volume in spec["volumes"]), name


def test_every_pod_may_write_to_a_bounded_tmp(docs: list[Doc]):
    for name, pod in pods(docs).items():
        assert {"name": "tmp", "mountPath": "/tmp"} in container(pod)["volumeMounts"], name
        assert {"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}} in pod["spec"]["volumes"], name


def test_memory_asked_for_is_memory_limited(docs: list[Doc]):
    for name, pod in pods(docs).items():
        resources = container(pod)["resources"]
        assert resources["requests"]["memory"] == resources["limits"]["memory"], name
        assert "cpu" in resources["requests"], name


def test_one_image_serves_and_migrates_the_six_services(docs: list[Doc]):
    asked = {name: container(pod)["args"] for name, pod in pods(docs).items() if "args" in container(pod)}
    del asked["nats"]

    assert asked == {
        **{name: ["serve", name, "--host", "0.0.0.0"] for name in SERVICES},
        **{f"{name}-migrate": ["migrate", name] for name in SERVICES},
        "streams": ["streams"],
    }
    assert len({container(pods(docs)[name])["image"] for name in asked}) == 1


def test_every_image_has_a_version_and_no_registry(docs: list[Doc]):
    for pod in pods(docs).values():
        image, _, version = container(pod)["image"].partition(":")
        assert re.fullmatch(r"[a-z]+", image), image
        assert re.match(r"\d", version), f"{image} floats: {version!r}"


def test_every_service_can_be_asked_how_it_is_and_leaves_politely(docs: list[Doc]):
    for name, deployment in of_kind(docs, "Deployment").items():
        pod = deployment["spec"]["template"]
        probes = {kind: container(pod)[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")}
        assert probes == {
            "startup": {"path": "/health/live", "port": "http"},
            "readiness": {"path": "/health/ready", "port": "http"},
            "liveness": {"path": "/health/live", "port": "http"},
        }, name
        assert {"name": "http", "containerPort": 8000} in container(pod)["ports"], name
        assert container(pod)["lifecycle"]["preStop"] == {"sleep": {"seconds": 5}}, name
        assert pod["spec"]["terminationGracePeriodSeconds"] > 5 + LONGEST_HANDLER_S, name


def test_every_server_has_probes(docs: list[Doc]):
    for name, server in of_kind(docs, "StatefulSet").items():
        probes = container(server["spec"]["template"]).keys() & {"startupProbe", "readinessProbe", "livenessProbe"}
        assert len(probes) == 3, name


def test_each_service_is_spread_budgeted_and_reached_by_its_name(docs: list[Doc]):
    services, budgets = of_kind(docs, "Service"), of_kind(docs, "PodDisruptionBudget")
    deployments = of_kind(docs, "Deployment")
    assert deployments.keys() == set(SERVICES)

    for name, deployment in deployments.items():
        spread = deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert [rule["topologyKey"] for rule in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
        assert budgets[name]["spec"]["maxUnavailable"] == 1
        assert services[name]["spec"]["ports"] == [{"name": "http", "port": 8000, "targetPort": "http"}]
        for selector in (
            deployment["spec"]["selector"],
            budgets[name]["spec"]["selector"],
            {"matchLabels": services[name]["spec"]["selector"]},
            *(rule["labelSelector"] for rule in spread),
        ):
            chosen = {pod for pod, template in pods(docs).items() if selects(selector, template["metadata"]["labels"])}
            assert chosen == {name}
    assert budgets["nats"]["spec"]["maxUnavailable"] == 1


def test_production_runs_two_of_each_service_and_developers_one():
    counts = {
        overlay: {d["spec"]["replicas"] for d in of_kind(rendered(overlay), "Deployment").values()}
        for overlay in OVERLAYS
    }

    assert counts == {"local": {1}, "production": {2}}


def test_each_service_is_told_what_it_needs_and_nothing_else(docs: list[Doc]):
    shared = platform(docs)
    assert shared["COMMONWATCH_PROFILE"] == "cn"

    for name, deployment in of_kind(docs, "Deployment").items():
        only = container(deployment["spec"]["template"])
        [source] = only["envFrom"]
        assert source["configMapRef"]["name"].startswith("platform-")
        told = {*shared, *(entry["name"] for entry in only["env"])}
        ours = {key.removeprefix("COMMONWATCH_") for key in told if key.startswith("COMMONWATCH_")}
        assert ours - {"STREAM_REPLICAS"} == EVERY_SERVICE_KNOWS | ONE_SERVICE_KNOWS[name], name


def test_the_gateway_finds_every_service_and_every_service_its_keys(docs: list[Doc]):
    shared = platform(docs)
    env = {entry["name"]: entry.get("value") for entry in container(pods(docs)["gateway"])["env"]}

    for name in set(SERVICES) - {"gateway"}:
        assert env[f"COMMONWATCH_URL_{name.upper()}"] == f"http://{name}:8000"
    assert shared["COMMONWATCH_JWKS_URL"] == "http://gateway:8000/.well-known/jwks.json"
    assert shared["COMMONWATCH_NATS_URL"] == "nats://nats:4222"


def test_each_service_has_its_own_database_in_production():
    clusters = of_kind(rendered("production"), "Cluster")

    owned = {name: cluster["spec"]["bootstrap"]["initdb"] for name, cluster in clusters.items()}
    assert {name: (own["database"], own["owner"]) for name, own in owned.items()} == {
        f"{name}-database": (name, name) for name in SERVICES
    }
    assert not of_kind(rendered("local"), "Cluster")


def test_streams_have_as_many_copies_as_the_broker_has_servers(overlay: str, docs: list[Doc]):
    shared = platform(docs)
    servers = of_kind(docs, "StatefulSet")["nats"]["spec"]["replicas"]

    assert (servers, shared["COMMONWATCH_STREAM_REPLICAS"]) == {"local": (1, "1"), "production": (3, "3")}[overlay]
