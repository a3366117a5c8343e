#!/bin/sh
# Installs the packages of a lock in a virtual environment: install.sh VENV LOCK. Leaves out what no service uses: pip,
# tests, who gave out a telephone number and where, sources of C, and how dates are written in other languages than these.
set -eu
LANGUAGES="en"
"$1/bin/pip" install --no-deps --require-hashes --requirement "$2"
"$1/bin/pip" uninstall --quiet --yes setuptools pip
cd "$1"/lib/python3.*/site-packages
rm -rf phonenumbers/geodata phonenumbers/carrierdata phonenumbers/tzdata
find . -depth -type d -name tests -exec rm -rf {} +
find . -type f \( -name '*.c' -o -name '*.h' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' \) -delete
[ -d babel ] || exit 0
for locale in babel/locale-data/*.dat; do
    language=$(basename "$locale" .dat)
    case " root $LANGUAGES " in *" ${language%%_*} "*) ;; *) rm "$locale" ;; esac
done
