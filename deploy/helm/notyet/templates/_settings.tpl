{{/* What the code says of settings, topics and rights: made by python -m tests.chart.declared. */}}
{{- define "notyet.declared" -}}
{{ .Files.Get "files/declared.json" }}
{{- end }}

{{/* The settings of a reader, by variable: its own go before those of all. */}}
{{- define "notyet.settings" -}}
{{- $declared := include "notyet.declared" .root | fromJson -}}
{{- $own := .values.settings | default dict -}}
{{- $shared := .root.Values.settings -}}
{{- range $setting := index $declared.readers .reader "settings" }}
{{- if or (hasKey $own $setting) (hasKey $shared $setting) }}
NOTYET_{{ $setting | snakecase | upper }}: {{ include "notyet.text" (hasKey $own $setting | ternary (get $own $setting) (get $shared $setting)) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* A value as the services read it: a whole number without an exponent, a list with commas. */}}
{{- define "notyet.text" -}}
{{- if kindIs "slice" . }}{{ join "," . }}{{ else if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end -}}
{{- end }}

{{/* What of a reader's settings is mounted, by its name: from which Secret and key. */}}
{{- define "notyet.secrets" -}}
{{- $declared := index (include "notyet.declared" .root | fromJson).readers .reader -}}
{{- $own := .values.secrets | default dict -}}
{{- $shared := .root.Values.secrets -}}
{{- $existing := .values.existingSecret -}}
{{- $mounted := $declared.secrets -}}
{{- if and .root.Values.database.ca (has "databaseUrl" $mounted) -}}
{{- $mounted = append $mounted "databaseCa" -}}
{{- $shared = merge (dict "databaseCa" .root.Values.database.ca) $shared -}}
{{- end -}}
{{- range $setting := $mounted }}
{{- if or (hasKey $own $setting) (hasKey $shared $setting) (has $setting $declared.required) }}
{{- $from := get $own $setting | default (get $shared $setting) | default dict }}
{{ $setting }}:
  secret: {{ required (printf "%s is to be mounted for %s: name an existingSecret, or its own under secrets" $setting $.reader) ($from.secret | default $existing) | quote }}
  key: {{ $from.key | default (snakecase $setting) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "notyet.env" -}}
{{- range $name, $value := include "notyet.settings" . | fromYaml }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- $secrets := include "notyet.secrets" . | fromYaml }}
{{- with .root.Values.database }}
{{- if hasKey $secrets "databaseUrl" }}
{{- with .sslMode | default (empty .ca | ternary "" "verify-full") }}
- name: PGSSLMODE
  value: {{ . }}
{{- end }}
{{- if .ca }}
- name: PGSSLROOTCERT
  value: /run/notyet/database_ca
{{- end }}
{{- end }}
{{- end }}
{{- range $setting, $_ := omit $secrets "databaseCa" }}
- name: NOTYET_{{ $setting | snakecase | upper | trimSuffix "_FILE" }}_FILE
  value: /run/notyet/{{ snakecase $setting }}
{{- end }}
{{- end }}
