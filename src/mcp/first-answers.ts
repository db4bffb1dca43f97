import type { Config } from '../config.ts';

/** The settings that change what a list of this server holds. */
export type OfferSettings = Pick<Config, 'queryPolicy' | 'beam'>;

/** What this server answers to the requests that every client sends before it calls anything. */
export interface FirstAnswers {
  /** Every protocol version that the server speaks, the newest first. */
  readonly versions: readonly string[];
  /** The result by method; that of `initialize` is for the newest version. */
  readonly results: Readonly<Record<string, object>>;
}

/** The answers for all settings: `offers` says by `offerKey` which of `tools` are listed. */
export interface RecordedAnswers extends FirstAnswers {
  readonly tools: readonly object[];
  readonly offers: Readonly<Record<string, readonly number[]>>;
}

/** The build asks the server itself and puts its answers here, as JSON. */
declare const SCOUT_FIRST_ANSWERS: string;

/** The answers that are known without the server; undefined when it runs from its source. */
export function firstAnswers(settings: OfferSettings): FirstAnswers | undefined {
  if (typeof SCOUT_FIRST_ANSWERS !== 'string') return undefined;
  return answersFor(settings, JSON.parse(SCOUT_FIRST_ANSWERS));
}

/** Of the recorded answers those for these settings. */
export function answersFor(settings: OfferSettings, recorded: RecordedAnswers): FirstAnswers | undefined {
  const { versions, results, tools, offers } = recorded;
  const listed = offers[offerKey(settings)];
  return (
    listed && { versions, results: { ...results, 'tools/list': { tools: listed.map((at) => tools[at]) } } }
  );
}

export function offerKey({ queryPolicy, beam }: OfferSettings): string {
  return `${queryPolicy} ${beam}`;
}
