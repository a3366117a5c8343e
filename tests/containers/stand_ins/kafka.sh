#!/bin/bash
# Turns KAFKA_* into a configuration and formats the log, with the class that does so in Kafka's own image.
set -eu
export CLUSTER_ID=${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}
java='java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp /opt/kafka/libs/*'
touch /opt/kafka/config/server.properties
set -f
told=$($java kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker \
    --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config 2>&1) \
    || grep --ignore-case --quiet "already formatted" <<< "$told" || { echo "$told"; exit 1; }
exec $java ${KAFKA_HEAP_OPTS:-} kafka.Kafka /opt/kafka/config/server.properties
