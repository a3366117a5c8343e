#!/bin/sh
# Installs the packages of a lock in a virtual environment: install.sh VENV LOCK. Leaves out what no service uses: pip,
# tests, who gave out a telephone number and where, sources of C, symbols for debuggers, bytecode, how other code than
# Python is coloured, and what days off are called.
set -eu
"$1/bin/pip" install --no-compile --no-deps --require-hashes --requirement "$2"
"$1/bin/pip" uninstall --quiet --yes setuptools pip
cd "$1"/lib/python3.*/site-packages
rm -rf phonenumbers/geodata phonenumbers/carrierdata phonenumbers/tzdata holidays/locale dateutil/zoneinfo/*.tar.gz
rm -rf lxml/html lxml/isoschematron lxml/objectify.*
rm -rf numpy/distutils numpy/f2py numpy/fft numpy/random numpy/_core/_simd.* numpy/_core/*_tests.*
find pygments/lexers -name '*.py' ! -name __init__.py ! -name _mapping.py ! -name python.py -delete
find . -depth -type d -name tests -exec rm -rf {} +
find . -type f \( -name '*.c' -o -name '*.h' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' \) -delete
# Libraries that wheels bring along have been moved within their files, which strip may not survive.
find . -name '*.so' ! -path './*.libs/*' -exec strip --strip-unneeded {} +
