"""Mistakes that people make in their values."""

from tests.chart.mistakes import InValues

MISTAKES = [
    InValues("a setting is misspelt", "minimal", "settings.kafkaBootstrapServer", "kafka:9092"),
    InValues("a key is misspelt", "minimal", "intake.replica", 3),
    InValues(
        "a setting is given to who does not read it",
        "minimal",
        "matcher.settings.mailFrom",
        "a@b.example",
    ),
    InValues(
        "words stand for a number",
        "minimal",
        "intake.settings",
        {"retentionMonths": "two years"},
    ),
    InValues(
        "there are more replicas than partitions",
        "operators",
        "intake.autoscaling.maxReplicas",
        12,
    ),
    InValues(
        "there are fewer at most than at least",
        "operators",
        "intake.autoscaling",
        {"minReplicas": 5, "maxReplicas": 3},
    ),
    InValues("a kind of scaling does not exist", "minimal", "autoscaling.kind", "HPA"),
    InValues("a choice is misspelt", "minimal", "notifier.settings.smtpTls", "start-tls"),
    InValues("a digest is none", "minimal", "intake.digest", "latest"),
    InValues("the time to end is too short", "minimal", "pods.terminationGracePeriodSeconds", 10),
    InValues("the time to end leaves none to drain", "minimal", "door.drainSeconds", 45),
    InValues(
        "a repository ends in a slash",
        "minimal",
        "image.repository",
        "registry.hospital.example/notyet/",
    ),
    InValues("the tag is latest", "minimal", "image.tag", "latest"),
    InValues("a service has no Secret", "minimal", "scheduler.existingSecret"),
    InValues("migrations have no Secret", "minimal", "migrations.existingSecret"),
    InValues(
        "a login at Kafka is by what no service speaks",
        "passwords",
        "settings.kafkaSaslMechanism",
        "GSSAPI",
    ),
    InValues("a login has no name", "passwords", "scheduler.settings.kafkaSaslUsername"),
    InValues(
        "a login is not asked for", "passwords", "settings.kafkaSecurityProtocol", "PLAINTEXT"
    ),
    InValues(
        "a server has no port", "minimal", "settings.kafkaBootstrapServers", "kafka.kafka.svc"
    ),
    InValues(
        "a server is a URL",
        "minimal",
        "settings.kafkaBootstrapServers",
        "https://kafka.kafka.svc:9092",
    ),
    InValues("nobody knows where pages are", "minimal", "settings.publicUrl"),
    InValues("a time zone does not exist", "minimal", "settings.employerTimeZone", "Europe/Wien"),
    InValues("a network is none", "minimal", "intake.settings", {"httpProxies": ["10.0.0.0/99"]}),
    InValues("an address is none", "minimal", "intake.settings", {"recruitingEmail": "jobs"}),
    InValues(
        "an account of Twilio's has no token", "passwords", "notifier.secrets.twilioAuthToken"
    ),
    InValues("a login in clear text", "passwords", "notifier.settings.smtpTls", "none"),
    InValues("a Secret lacks the key", "passwords", "secrets.kafkaSslCaFile.key", "ca.cert"),
    InValues(
        "a Secret does not exist",
        "operators",
        "matcher.secrets.kafkaSaslPassword.secret",
        "notyet-mathcer",
    ),
    InValues("something unknown is mounted", "minimal", "intake.secrets", {"databasePassword": {}}),
    InValues(
        "a secret stands among the settings",
        "minimal",
        "notifier.settings.smtpPassword",
        "hunter2",
    ),
    InValues("two services share a Secret", "minimal", "scheduler.existingSecret", "notyet-intake"),
    InValues(
        "a service has the administrator's password",
        "minimal",
        "intake.secrets",
        {"databaseUrl": {"secret": "notyet-migration", "key": "admin_database_url"}},
    ),
    InValues(
        "more memory is asked for than allowed",
        "minimal",
        "matcher.resources.requests.memory",
        "2Gi",
    ),
    InValues("a limit is misspelt", "minimal", "intake.resources.limit", {"memory": "1Gi"}),
    InValues("an amount has no such unit", "minimal", "intake.resources.limits.memory", "1GB"),
    InValues(
        "KEDA cannot log in by a token",
        "operators",
        "settings.kafkaSaslMechanism",
        "OAUTHBEARER",
    ),
    InValues("an Ingress has no host", "passwords", "ingress.host"),
    InValues("a route has no Gateway", "operators", "httpRoute.parentRefs", []),
    InValues("topics have no replica", "minimal", "topics.replicationFactor", 0),
    InValues("one broker away stops everybody", "operators", "strimzi.minInsyncReplicas", 3),
    InValues("a store has no name", "operators", "externalSecrets.store.name"),
    InValues("a cluster has no name", "operators", "strimzi.cluster"),
]
