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
    InValues("a service says how many, and is scaled", "operators", "intake.replicas", 3),
    InValues(
        "a kind of scaling of one does not exist", "minimal", "intake.autoscaling", {"kind": "cpu"}
    ),
    InValues(
        "CPU is not asked for by which it scales",
        "operators",
        "matcher.resources",
        {"requests": {"cpu": None}},
    ),
    InValues(
        "an amount is of nothing", "minimal", "intake.resources", {"requests": {"memroy": "1Gi"}}
    ),
    InValues("a login has no password", "passwords", "secrets.kafkaSaslPassword"),
    InValues("a login has no mechanism", "passwords", "settings.kafkaSaslMechanism"),
    InValues("whoever makes topics has no name", "passwords", "topics.settings"),
    InValues("a mail login has no password", "passwords", "notifier.secrets.smtpPassword"),
    InValues("a mail login has no name", "passwords", "notifier.settings.smtpUsername"),
    InValues("TLS from the start has no port", "passwords", "notifier.settings.smtpPort"),
    InValues(
        "a mail server has its port",
        "minimal",
        "notifier.settings.smtpHost",
        "smtp.hospital.example:25",
    ),
    InValues("mail comes from no address", "minimal", "notifier.settings.mailFrom", "careers"),
    InValues("pages are at no URL", "minimal", "settings.publicUrl", "careers.hospital.example"),
    InValues("a country is written out", "minimal", "settings.employerCountry", "Austria"),
    InValues("a level does not exist", "minimal", "settings.logLevel", "verbose"),
    InValues("nobody is named to be believed", "minimal", "database", {"sslMode": "verify-full"}),
    InValues("a way of TLS does not exist", "passwords", "database.sslMode", "verify_full"),
    InValues("an authority is in no Secret", "passwords", "database.ca.secret"),
    InValues("an authority's key does not exist", "passwords", "database.ca.key", "ca.pem"),
    InValues(
        "traces go by gRPC below a path",
        "passwords",
        "tracing.endpoint",
        "http://collector:4317/v1",
    ),
    InValues(
        "Twilio is at no URL",
        "passwords",
        "notifier.settings.twilioBaseUrl",
        "twilio.corp.svc:8443",
    ),
    InValues("mail comes in for nobody", "minimal", "intake.settings", {"lmtpPort": 8024}),
    InValues("mail that comes in has no domain", "passwords", "intake.settings.mailInDomain"),
    InValues("nobody listens for answers", "minimal", "settings.mailInDomain", "replies.a.example"),
    InValues(
        "nobody listens for answers to letters",
        "minimal",
        "notifier.settings.mailInDomain",
        "replies.a.example",
    ),
    InValues(
        "nobody listens for the domain of intake",
        "minimal",
        "intake.settings",
        {"mailInDomain": "replies.a.example"},
    ),
    InValues("mail that comes in has no port", "passwords", "intake.settings.lmtpPort"),
    InValues("mail comes in where pages are", "passwords", "intake.settings.lmtpPort", 8080),
    InValues("mail comes in where probes are", "passwords", "intake.settings.lmtpPort", 8081),
    InValues("mail comes in at any port", "passwords", "intake.settings.lmtpPort", 0),
    InValues(
        "letters are answered at another domain",
        "passwords",
        "notifier.settings.mailInDomain",
        "answers.hospital.example",
    ),
    InValues(
        "mail comes in at a URL",
        "passwords",
        "intake.settings.mailInDomain",
        "https://replies.hospital.example",
    ),
    InValues("traces go by gRPC", "passwords", "tracing.endpoint", "http://collector:4317"),
    InValues(
        "a repository is a URL", "minimal", "image.repository", "https://registry.hospital.example"
    ),
    InValues(
        "a repository has a tag",
        "minimal",
        "image.repository",
        "registry.hospital.example/notyet:1",
    ),
    InValues("a tag is a digest", "minimal", "image.tag", "sha256:4355a46b19d3"),
    InValues("links lead elsewhere", "passwords", "ingress.host", "carers.hospital.example"),
    InValues("a host is a URL", "passwords", "ingress.host", "https://careers.hospital.example"),
    InValues(
        "a network does not exist",
        "passwords",
        "networkPolicy.kafka.to",
        [{"ipBlock": {"cidr": "10.0.0.0/33"}}],
    ),
    InValues(
        "a network is misspelt",
        "passwords",
        "networkPolicy.kafka.to",
        [{"ipBlock": {"cdir": "10.0.0.0/8"}}],
    ),
    InValues(
        "a selector is misspelt",
        "passwords",
        "networkPolicy.kafka.to",
        [{"namespaceSelector": {"matchLabel": {"a": "b"}}}],
    ),
    InValues("a database is at every port", "passwords", "networkPolicy.database.ports", []),
    InValues("a toleration is none", "minimal", "pods", {"tolerations": [{"operator": "Equals"}]}),
    InValues("an affinity is none", "minimal", "pods", {"affinity": {"nodeAfinity": {}}}),
    InValues("a label is none", "minimal", "pods", {"labels": {"team name": "people"}}),
    InValues(
        "a label is that by which pods are chosen",
        "minimal",
        "pods",
        {"labels": {"app.kubernetes.io/name": "web"}},
    ),
]

TAKEN_BY_HELM = {
    "links lead elsewhere",
    *("a time zone does not exist", "a network is none", "an address is none"),
    *("a Secret lacks the key", "a Secret does not exist", "an authority's key does not exist"),
}
"""What a template cannot tell. tests.chart.look does, but for Secrets, which are in the cluster."""
