/** The names of all tools in their order, for help, which is shown without loading them. A test compares. */
export const toolNames: readonly string[] = [
  'scout_hosts',
  'scout_read',
  'scout_find',
  'scout_query',
  'scout_diff',
  'scout_logs',
  'scout_inspect',
  'scout_beam',
];
