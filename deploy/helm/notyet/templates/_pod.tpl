{{/* A pod that may do nothing but its work; `args` is the command of its image. */}}
{{- define "notyet.pod" -}}
{{- $placed := mergeOverwrite (deepCopy .root.Values.pods) (.values.pods | default dict) -}}
{{- $secrets := include "notyet.secrets" . | fromYaml -}}
automountServiceAccountToken: false
# Kubernetes would give each pod variables named after Services, such as NOTYET_HTTP_PORT for one named notyet-http.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "priorityClassName" }}
{{- with get $placed $key }}
{{ $key }}: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
containers:
  - name: {{ .reader }}
    image: {{ include "notyet.image" . }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args: {{ toJson .args }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: { drop: [ALL] }
    resources: {{- toYaml .values.resources | nindent 6 }}
    env:
      {{- if eq .component "service" }}
      # Else it would be made from the label of the release, which is the same for all.
      - { name: OTEL_SERVICE_NAME, value: notyet-{{ .name }} }
      {{- with .root.Values.tracing.endpoint }}
      - { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
      {{- end }}
      {{- end }}
      {{- include "notyet.env" . | trim | nindent 6 }}
    volumeMounts:
      - { name: tmp, mountPath: /tmp }
      {{- if $secrets }}
      - { name: secrets, mountPath: /run/notyet, readOnly: true }
      {{- end }}
    {{- with .running }}{{ . | nindent 4 }}{{ end }}
volumes:
  - name: tmp
    emptyDir: { sizeLimit: 256Mi }
  {{- if $secrets }}
  - name: secrets
    projected:
      defaultMode: 0440
      sources:
        {{- range $setting, $from := $secrets }}
        - secret:
            name: {{ $from.secret | quote }}
            items: [{ key: {{ $from.key | quote }}, path: {{ snakecase $setting }} }]
        {{- end }}
  {{- end }}
{{- end }}

{{- define "notyet.image" -}}
{{- $image := .root.Values.image -}}
{{- $name := printf "%s/%s" $image.repository .image -}}
{{- $digest := index .root.Values .image "digest" -}}
{{- if $digest }}{{ $name }}@{{ $digest }}{{ else }}{{ $name }}:{{ $image.tag | default .root.Chart.AppVersion }}{{ end -}}
{{- end }}
