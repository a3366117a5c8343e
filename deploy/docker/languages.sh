#!/bin/sh
# Leaves out of a virtual environment how dates are written in other languages than these: languages.sh VENV LANGUAGE...
# Each is said by its code, or by a file or folder of words that is called after it.
set -eu
data=$(echo "$1"/lib/python3.*/site-packages/babel/locale-data)
shift
kept=" root "
for language; do kept="$kept$(basename "$language" .toml) "; done
for locale in "$data"/*.dat; do
    language=$(basename "$locale" .dat)
    case "$kept" in *" ${language%%_*} "*) ;; *) rm "$locale" ;; esac
done
