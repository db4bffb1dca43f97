import { definePrompt, shown } from '../define.ts';

export const findError = definePrompt({
  name: 'find_error',
  title: 'Find an error in the logs of many hosts',
  description: 'Where a message appears, since when, and what came before it',
  arguments: { hosts: 'aliases, globs and exclusions: web*,!web3', text: 'a piece of the message' },
  plan: ({ hosts, text }) => {
    const [line = ''] = text.trim().split(/[\r\n]/); // a pattern is looked for in each line
    const pattern = line.replace(/[.[\]\\()*+?{}|^$]/g, '\\$&');
    return [
      `Find where this text appears in the logs of the hosts ${shown(hosts)}: ${shown(text)}`,
      `1. scout_logs ${shown({ hosts, source: 'system', pattern, since: '1d', merge: true })}`,
      `2. If there is too little: scout_find ${shown({ targets: [`${hosts}:/var/log`], pattern, since: '1d', context: 2 })}; for containers scout_inspect with what docker, and scout_logs with source docker:NAME and the same pattern.`,
      '3. On the host where it came first: scout_logs with source journal:UNIT, docker:NAME or file:PATH and since a little before that time, without a pattern, shows what led to it.',
      'If nothing is found, try a shorter piece of the text or a longer time before you say so.',
      'Answer with the hosts that have it and those that do not, first and last time, how often, and the likely cause with the lines that show it.',
    ];
  },
});
