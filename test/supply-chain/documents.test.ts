import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import { settings } from '../../src/settings.ts';

// A document that names what is not there costs somebody an hour at night.

const root = join(import.meta.dirname, '..', '..');
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...filesBelow('docs').filter((name) => name.endsWith('.md')),
].map((file) => [file, read(file)] as const);

/** What a word in the documents may refer to: the code, what is deployed, and how it is built and tested. */
const sources = ['src', 'deploy', 'scripts', '.github', 'test/setup', 'test/deploy']
  .flatMap(filesBelow)
  .concat('.env.example', 'compose.yaml', 'vitest.config.ts')
  .filter((file) => existsSync(join(root, file)))
  .map(read)
  .join('\n');
const { scripts } = JSON.parse(read('package.json'));
const commandLine = filesBelow('src/cli').map(read).join('\n');

/** scout-mcp as the program that is run, not as the name of a namespace or a chart. */
const atTheStart = /(?:^|[|;&]\s*|\b(?:exec|sudo|npx -y) )scout-mcp ([a-z]+)\b([^\n|;&]*)/gm;

/** Words of the kernel's that look like codes of ours. */
const ofLinux = ['no_new_privs'];

describe.each(documents)('%s', (file, text) => {
  it('links to files and headings that there are', () => {
    const links = [...text.matchAll(/\]\(((?!https?:)[^)\s]*)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path ? normalize(join(dirname(file), path)) : file;
      if (!existsSync(join(root, target))) return true;
      return heading !== undefined && !headingsOf(read(target)).includes(heading);
    });
    expect(broken).toEqual([]);
  });

  it('names variables that are settings, or are used by what is built here', () => {
    const variables: string[] = Object.values(settings).map(({ variable }) => variable);
    const named = unique(text.match(/\b(?:SCOUT|OTEL)_[A-Z_]*[A-Z]\b/g));
    const known = (name: string) => variables.includes(name) || hasWord(sources, name) || isOfExporter(name);
    expect(named.filter((name) => !known(name))).toEqual([]);
  });

  it('names tools, metrics and codes that the code knows', () => {
    const words = [...unique(text.match(/\bscout_\w+/g)), ...unique(codesIn(text))];
    const known = words.map((word) => word.replace(/_(?:bucket|sum|count)$/, ''));
    expect(known.filter((word) => !hasWord(sources, word) && !ofLinux.includes(word))).toEqual([]);
  });

  it('names commands and options that the program has', () => {
    const called = [...commandsIn(text).matchAll(atTheStart)];
    const unknown = called.filter(([, name = '']) => !commandLine.includes(`.command('${name}'`));
    expect(unknown.map(([whole]) => whole)).toEqual([]);
    const options = called.flatMap(([, , rest = '']) => rest.match(/(?<=\s|\[)--[a-z-]+/g) ?? []);
    const flags = Object.values(settings).map(({ variable }) => flagOf(variable));
    expect(
      options.filter(
        (option) => !commandLine.includes(option) && !flags.includes(option) && option !== '--help',
      ),
    ).toEqual([]);
  });

  it('runs scripts that package.json has', () => {
    const named = [...commandsIn(text).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names files of the checkout that there are', () => {
    const paths = text.match(
      /(?<=[`\s])(?:src|test|docs|scripts|deploy|bench|\.github|\.devcontainer)\/[\w./*-]*[\w*]/g,
    );
    // Of a pattern, what stands before its first star must be there.
    const exists = (path: string) => existsSync(join(root, path.replace(/[^/]*\*.*$/, '')));
    expect(unique(paths).filter((path) => !exists(path))).toEqual([]);
  });
});

it('The runbook has a line for every code that an answer may have', () => {
  const table = read('docs/runbooks/troubleshooting.md');
  expect(errorCodes.filter((code) => !table.includes(`\`${code}\``))).toEqual([]);
});

/** Code, in spans and blocks: prose may say "the scout-mcp process". */
function commandsIn(text: string): string {
  const blocks = text.match(/^```[\s\S]*?^```/gm) ?? [];
  const spans = text.replace(/^```[\s\S]*?^```/gm, '').match(/`[^`\n]+`/g) ?? [];
  return [...blocks, ...spans.map((span) => span.slice(1, -1))].join('\n');
}

/** Words such as `auth_failed` alone in a code span. */
function codesIn(text: string): string[] {
  return [...text.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, word = '']) => word);
}

/** Headings as GitHub makes anchors of them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Variables of the OTLP exporter, which the code puts together from signal and name. */
function isOfExporter(variable: string): boolean {
  const [, name] = /^OTEL_EXPORTER_OTLP_(?:TRACES_|METRICS_)?(\w+)$/.exec(variable) ?? [];
  return name ? sources.includes(`'${name}'`) : /^OTEL_(?:TRACES|METRICS)_EXPORTER$/.test(variable);
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text);
}

function flagOf(variable: string): string {
  return `--${variable.slice('SCOUT_'.length).toLowerCase().replaceAll('_', '-')}`;
}

function unique(words: readonly string[] | null): string[] {
  return [...new Set(words ?? [])];
}

function filesBelow(directory: string): string[] {
  if (!existsSync(join(root, directory))) return [];
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((name) => statSync(join(root, name)).isFile());
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
