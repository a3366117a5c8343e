{{/* Calls a template for each service, with what it is about:
     root; name and image; component; reader of which settings; values, its own. */}}
{{- define "notyet.each" -}}
{{- $root := index . 0 -}}
{{- $template := index . 1 -}}
{{- range $name := list "intake" "scheduler" "matcher" "notifier" }}
---
{{ include $template (dict "root" $root "name" $name "image" $name "component" "service" "reader" $name "values" (index $root.Values $name)) }}
{{- end }}
{{- end }}

{{/* What says how many there are of a service: a scaler, or, as for one that is stopped, its `replicas`. */}}
{{- define "notyet.scaling" -}}
{{- $kind := .values.autoscaling.kind | default .root.Values.autoscaling.kind -}}
{{- eq (include "notyet.replicas" .) "0" | ternary "none" $kind -}}
{{- end }}

{{- define "notyet.replicas" -}}
{{- kindIs "invalid" .values.replicas | ternary 2 .values.replicas | int64 -}}
{{- end }}

{{- define "notyet.fullname" -}}
{{- $name := contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) -}}
{{- $name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "notyet.name" -}}
{{ include "notyet.fullname" .root }}-{{ .name }}
{{- end }}

{{/* By these alone a pod is chosen: they never change. */}}
{{- define "notyet.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "notyet.labels" -}}
{{ include "notyet.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: notyet
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* Those of a pod: what the values add for all, and for its service. */}}
{{- define "notyet.pod-labels" -}}
{{ include "notyet.labels" . }}
{{- with (mergeOverwrite (deepCopy .root.Values.pods) (.values.pods | default dict)).labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "notyet.metadata" -}}
name: {{ include "notyet.name" . }}
namespace: {{ .root.Release.Namespace | quote }}
labels: {{- include "notyet.labels" . | nindent 2 }}
{{- end }}

{{/* What has to be there before the rest, and is made anew each time. */}}
{{- define "notyet.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation
{{- end }}
