{{- define "signpost.name" -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- end }}

{{- define "signpost.selector" -}}
app.kubernetes.io/name: signpost
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "signpost.labels" -}}
{{ include "signpost.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* The settings table. With acme: its block is added, and X-Forwarded-For counts from no one, because no proxy is in front. */}}
{{- define "signpost.settings" -}}
{{- $settings := deepCopy .Values.settings -}}
{{- if .Values.acme.enabled -}}
{{- include "signpost.checkAcme" . -}}
{{- $acme := dict "termsAgreed" true -}}
{{- range $name := list "email" "directory" -}}
{{- with get $.Values.acme $name }}{{ $_ := set $acme $name . }}{{ end -}}
{{- end -}}
{{- if not (get $settings.http "proxyProtocol") }}{{ $_ := unset $settings.http "trustProxy" }}{{ end -}}
{{- $settings = mergeOverwrite $settings (dict "http" (dict "tls" (dict "acme" $acme))) -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end }}

{{- define "signpost.checkAcme" -}}
{{- if not .Values.acme.termsAgreed -}}
{{- fail "acme.termsAgreed: set it to true after you have read the terms of service of the certificate authority (Let's Encrypt: https://letsencrypt.org/repository/)" -}}
{{- end -}}
{{- if and (gt (int .Values.replicas) 1) (ne .Values.acme.storage.accessMode "ReadWriteMany") -}}
{{- fail (printf "replicas: %d pods need one folder for their certificates, and acme.storage.accessMode is %s. Set replicas to 1, or use storage that all nodes can write to (such as NFS or CephFS) and set accessMode to ReadWriteMany" (int .Values.replicas) .Values.acme.storage.accessMode) -}}
{{- end -}}
{{- end }}

{{/* The port of https in the pod. */}}
{{- define "signpost.httpsPort" -}}
{{- get (get .Values.settings.http "tls" | default dict) "port" | default 8443 -}}
{{- end }}

{{/* The volume claim for certificates. */}}
{{- define "signpost.claim" -}}
{{- .Values.acme.storage.existingClaim | default (printf "%s-certificates" (include "signpost.name" .)) -}}
{{- end }}
