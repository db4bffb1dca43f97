import { loadConfig, type SettingRow } from '../../src/config.ts';
import type { Prompt, Resource, Tool } from '../../src/define.ts';

export function settingsTable(rows: readonly SettingRow[]): string {
  const lines = rows.map(({ variable, flag, defaultText, allowed, meaning }) => [
    `\`${variable}\`<br>\`--${flag}\``,
    defaultText,
    allowed,
    meaning,
  ]);
  return table(['variable, flag of `serve`', 'default', 'allowed', 'meaning'], lines);
}

/** Every tool as it is offered with the default settings, or would be if it were on. */
export function toolsTable(tools: readonly Tool[]): string {
  const [config, allOn] = [loadConfig({}), loadConfig({ SCOUT_BEAM: 'on' })];
  const lines = tools.map((tool) => [
    `\`${tool.name}\`<br>${tool.title}`,
    argumentsOf(tool),
    tool.offered(config) ? tool.description(config) : `${tool.description(allOn)} (off by default)`,
  ]);
  return table(['tool', 'arguments', 'does'], lines);
}

/** Every resource, and every template: one that has a variable in braces. */
export function resourcesTable(resources: readonly Resource[]): string {
  const lines = resources.map(({ uri, title, description }) => [`\`${uri}\``, `${title}. ${description}.`]);
  return table(['resource', 'is'], lines);
}

export function promptsTable(prompts: readonly Prompt[]): string {
  const lines = prompts.map(({ name, arguments: each, description }) => [
    `\`${name}\``,
    each.map((argument) => `\`${argument.name}\``).join(', '),
    `${description}.`,
  ]);
  return table(['prompt', 'arguments', 'a plan for the model'], lines);
}

function argumentsOf({ input }: Tool): string {
  const names = Object.entries(input.shape).map(([name, schema]) => {
    const required = !schema.safeParse(undefined).success;
    return `\`${name}${required ? '' : '?'}\``;
  });
  return names.join(', ');
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rows = [head, head.map(() => '---'), ...lines.map((line) => line.map(cell))];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cell(text: string): string {
  return text
    .trim()
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');
}
