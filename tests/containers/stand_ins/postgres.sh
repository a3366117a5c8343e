#!/bin/sh
# Makes the database at first, as PostgreSQL's own image does, then becomes the server.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    install -d -o postgres -m 700 "$PGDATA"
    cp "$POSTGRES_PASSWORD_FILE" /tmp/password
    chown postgres /tmp/password
    setpriv --reuid=postgres --regid=postgres --clear-groups initdb --pgdata="$PGDATA" --username=postgres \
        --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C
    rm /tmp/password
    echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    echo "create database $POSTGRES_DB" \
        | setpriv --reuid=postgres --regid=postgres --clear-groups postgres --single -D "$PGDATA" template1
fi
install -d -o postgres /var/run/postgresql
exec setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
