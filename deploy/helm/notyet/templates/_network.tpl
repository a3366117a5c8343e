{{/* One rule: with whom, on which TCP ports. */}}
{{- define "notyet.rule" -}}
- ports:
    {{- range .ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
  {{- with .peers }}
  {{ $.direction }}: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Pods of this release, as whom a rule is about. */}}
{{- define "notyet.peer" -}}
podSelector:
  matchLabels: {{- include "notyet.selector" . | nindent 4 }}
{{- end }}

{{/* The port of a URL, or that of its scheme. */}}
{{- define "notyet.port" -}}
{{- $url := urlParse . -}}
{{- regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (eq $url.scheme "https" | ternary "443" "80") -}}
{{- end }}

{{/* Where a reader goes; each of these is about one, as in "notyet.each". */}}
{{- define "notyet.to-dns" -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
  {{- with .root.Values.networkPolicy.dns.to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "notyet.to-kafka" -}}
{{- $kafka := .root.Values.networkPolicy.kafka -}}
{{- $servers := (include "notyet.settings" . | fromYaml).NOTYET_KAFKA_BOOTSTRAP_SERVERS -}}
{{- $named := regexFindAll ":[0-9]+" $servers -1 | join "" | trimPrefix ":" | splitList ":" | uniq -}}
{{ include "notyet.rule" (dict "direction" "to" "peers" $kafka.to "ports" ($kafka.ports | default $named)) }}
{{- end }}

{{- define "notyet.to-database" -}}
{{- $database := .root.Values.networkPolicy.database -}}
{{ include "notyet.rule" (dict "direction" "to" "peers" $database.to "ports" $database.ports) }}
{{- end }}

{{- define "notyet.to-tracing" -}}
{{- with .root.Values.tracing.endpoint }}
{{ include "notyet.rule" (dict "direction" "to" "peers" $.root.Values.networkPolicy.tracing.to "ports" (list (include "notyet.port" .))) }}
{{- end }}
{{- end }}

{{/* What the notifier alone needs: the mail server, and whoever carries text messages, where that is said. */}}
{{- define "notyet.to-readers" -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- $settings := .values.settings -}}
{{ include "notyet.rule" (dict "direction" "to" "peers" $policy.smtp.to "ports" (list ($settings.smtpPort | default 587))) }}
{{- if $settings.smsProvider }}
{{- $port := include "notyet.port" ($settings.smsBaseUrl | default "https://its-own") }}
{{ include "notyet.rule" (dict "direction" "to" "peers" $policy.sms.to "ports" (list $port)) }}
{{- end }}
{{- end }}

{{/* What intake alone needs: Amazon's certificates, where mail goes by its SES. */}}
{{- define "notyet.to-sns" -}}
{{- if .values.settings.sesTopics }}
{{ include "notyet.rule" (dict "direction" "to" "peers" .root.Values.networkPolicy.sns.to "ports" (list 443)) }}
{{- end }}
{{- end }}

{{/* And the systems that it reads. */}}
{{- define "notyet.to-systems" -}}
{{- $systems := .root.Values.networkPolicy.systems -}}
{{- if $systems.read }}
{{ include "notyet.rule" (dict "direction" "to" "peers" $systems.to "ports" $systems.ports) }}
{{- end }}
{{- end }}
