#!/bin/sh
# Installs the packages of a lock in a virtual environment: install.sh VENV LOCK. Leaves out what no service uses: pip,
# tests, and who gave out a telephone number, and where.
set -eu
"$1/bin/pip" install --no-deps --require-hashes --requirement "$2"
"$1/bin/pip" uninstall --quiet --yes setuptools pip
cd "$1"/lib/python3.*/site-packages
rm -rf phonenumbers/geodata phonenumbers/carrierdata phonenumbers/tzdata
find . -depth -type d -name tests -exec rm -rf {} +
