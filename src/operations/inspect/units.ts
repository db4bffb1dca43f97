import { linesOf } from './untrusted.ts';

/** A unit as systemctl(1) lists it. */
export interface Unit {
  readonly unit: string;
  readonly active: string;
  readonly sub: string;
  readonly description: string;
}

/** `systemctl list-units --plain --no-legend`; older ones print a mark before units that failed all the same. */
export function parseUnits(text: string): readonly Unit[] {
  return linesOf(text).flatMap((line) => {
    const [, unit, active, sub, description = ''] =
      /^\s*(?:[^\w\s@.-]\s+)?(\S+\.[a-z]+)\s+\S+\s+(\S+)\s+(\S+)(.*)/s.exec(line) ?? [];
    return unit === undefined || active === undefined || sub === undefined
      ? []
      : [{ unit, active, sub, description: description.trim() }];
  });
}
