{{- define "scout-mcp.container" -}}
name: scout
image: {{ include "scout-mcp.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- if eq .Values.mode "sidecar" }}
# Nobody is at this container's stdin. It idles; each `kubectl exec -i` starts a scout of its own.
command:
  - node
  - -e
  - process.once('SIGTERM', () => process.exit(0)); setInterval(() => {}, 2 ** 31 - 1)
{{- else }}
# MCP on stdin and stdout: kubectl attach -i speaks to this process, kubectl exec -i starts one more
stdin: true
{{- end }}
env:
  - name: SCOUT_SSH_CONFIG
    value: /etc/scout/ssh/config
  - name: SCOUT_KNOWN_HOSTS
    value: /etc/scout/ssh/known_hosts
  {{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
  {{- with .Values.otlp.endpoint }}
  - name: OTEL_EXPORTER_OTLP_ENDPOINT
    value: {{ . | quote }}
  {{- end }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  capabilities:
    drop:
      - ALL
  seccompProfile:
    type: RuntimeDefault
resources:
  {{- toYaml .Values.resources | nindent 2 }}
# could one more process start: memory and process ids are shared with every kubectl exec
livenessProbe:
  exec:
    command: [node, /app/bin/scout-mcp.js, --version]
  periodSeconds: 60
  timeoutSeconds: 10
# is the ssh configuration there, and would ssh accept it
readinessProbe:
  exec:
    command: [node, /app/bin/scout-mcp.js, doctor, --ready]
  periodSeconds: 30
  timeoutSeconds: 10
volumeMounts:
  - name: ssh
    mountPath: /etc/scout/ssh
    readOnly: true
  - name: keys
    mountPath: /etc/scout/keys
    readOnly: true
  {{- if .Values.state.enabled }}
  - name: state
    mountPath: /var/lib/scout
  {{- end }}
{{- end -}}
