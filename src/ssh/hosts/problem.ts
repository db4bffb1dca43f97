import { ScoutError } from '../../errors.ts';

/** Why one line is refused; the reader adds where it stands. */
export class LineProblem extends Error {}

/** What ssh refuses in a configuration, with the place as `file:line` where one line is to blame. */
export function configError(place: string, problem: string): ScoutError {
  return new ScoutError(
    'invalid_argument',
    `the ssh configuration cannot be used: ${place}: ${problem}`,
    `Correct it there. \`ssh -G NAME\` shows whether ssh accepts the configuration.`,
  );
}
