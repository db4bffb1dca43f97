{{- /* A rule without peers would let everything through: each stands in a range over its peers, or the schema asks for them. */ -}}
{{- define "scout-mcp.egress" -}}
{{- range .Values.networkPolicy.sshTargets }}
- to:
    - ipBlock:
        cidr: {{ .cidr }}
        {{- with .except }}
        except:
          {{- toYaml . | nindent 10 }}
        {{- end }}
  ports:
    {{- range .ports | default (list 22) }}
    - protocol: TCP
      port: {{ . }}
    {{- end }}
{{- end }}
{{- with .Values.networkPolicy.dns }}
- to:
    {{- toYaml . | nindent 4 }}
  ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
{{- end }}
{{- if .Values.otlp.endpoint }}
- to:
    {{- toYaml .Values.otlp.to | nindent 4 }}
  ports:
    - protocol: TCP
      port: {{ .Values.otlp.port }}
{{- end }}
{{- with .Values.networkPolicy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end -}}
