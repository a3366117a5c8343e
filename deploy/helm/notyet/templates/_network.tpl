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

{{- define "notyet.to-dns" -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
  {{- with .Values.networkPolicy.dns.to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "notyet.to-kafka" -}}
{{- $kafka := .Values.networkPolicy.kafka -}}
{{- $named := regexFindAll ":[0-9]+" .Values.settings.kafkaBootstrapServers -1 | join "" | trimPrefix ":" | splitList ":" | uniq -}}
{{ include "notyet.rule" (dict "direction" "to" "peers" $kafka.to "ports" ($kafka.ports | default $named)) }}
{{- end }}

{{- define "notyet.to-database" -}}
{{- $database := .Values.networkPolicy.database -}}
{{ include "notyet.rule" (dict "direction" "to" "peers" $database.to "ports" $database.ports) }}
{{- end }}

{{- define "notyet.to-tracing" -}}
{{- with .Values.tracing.endpoint }}
{{- $url := urlParse . -}}
{{- $port := regexFind "[0-9]+$" $url.host | default (eq $url.scheme "https" | ternary "443" "80") -}}
{{ include "notyet.rule" (dict "direction" "to" "peers" $.Values.networkPolicy.tracing.to "ports" (list $port)) }}
{{- end }}
{{- end }}

{{/* What the notifier alone needs: the mail server, and Twilio where it has an account. */}}
{{- define "notyet.to-readers" -}}
{{- $policy := .Values.networkPolicy -}}
{{ include "notyet.rule" (dict "direction" "to" "peers" $policy.smtp.to "ports" (list (.Values.notifier.settings.smtpPort | default 587))) }}
{{- if .Values.notifier.settings.twilioAccountSid }}
{{ include "notyet.rule" (dict "direction" "to" "peers" $policy.twilio.to "ports" (list 443)) }}
{{- end }}
{{- end }}

{{/* What intake alone needs: Amazon's certificates, where mail goes by its SES. */}}
{{- define "notyet.to-sns" -}}
{{- if .Values.intake.settings.sesTopics }}
{{ include "notyet.rule" (dict "direction" "to" "peers" .Values.networkPolicy.sns.to "ports" (list 443)) }}
{{- end }}
{{- end }}

{{/* And the systems that it reads. */}}
{{- define "notyet.to-systems" -}}
{{- $systems := .Values.networkPolicy.systems -}}
{{- if $systems.read }}
{{ include "notyet.rule" (dict "direction" "to" "peers" $systems.to "ports" $systems.ports) }}
{{- end }}
{{- end }}
