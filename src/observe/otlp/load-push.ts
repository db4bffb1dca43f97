import type { Log } from '../log.ts';
import type { Push } from './push.ts';

/**
 * What sends traces and metrics by OTLP, where the standard variables ask for it; else nothing of it is loaded. Never
 * rejects: variables that cannot be followed are said in the log.
 */
export async function loadPush(env: NodeJS.ProcessEnv, log: Log): Promise<Push | undefined> {
  if (!isPushAsked(env)) return undefined;
  const { createPush } = await import('./push.ts');
  return createPush(env, log);
}

/** Whether the environment wants traces or metrics to be sent. */
export function isPushAsked(env: NodeJS.ProcessEnv): boolean {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false;
  const isSet = (name: string) => Boolean(env[name]?.trim());
  const asks = (signal: string) =>
    isSet(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`) || isSet(`OTEL_${signal}_EXPORTER`);
  return isSet('OTEL_EXPORTER_OTLP_ENDPOINT') || asks('TRACES') || asks('METRICS');
}
