import { definePrompt, shown } from '../define.ts';

export const compare = definePrompt({
  name: 'compare',
  title: 'Compare a file or directory across hosts',
  description: 'Which hosts differ, in what, and since when',
  arguments: {
    hosts: 'aliases, globs and exclusions: web*,!web3',
    path: 'file or directory, absolute or ~/…',
  },
  plan: ({ hosts, path }) => [
    `Compare ${shown(path)} on the hosts ${shown(hosts)}.`,
    `1. scout_diff ${shown({ targets: [`${hosts}:${path}`] })}: which hosts share which version, and the differences.`,
    `2. If it is a directory: scout_read ${shown({ targets: [`${hosts}:${path}`], depth: 3 })}, and then step 1 for each file that differs or is missing.`,
    '3. For the hosts that deviate: scout_read with limit 1 shows owner, mode and the time of the last change; scout_logs around that time may show who made it.',
    'Answer with the groups of hosts, what differs in words (not the whole diff), which version looks wrong and why, and the hosts that could not be asked.',
  ],
});
