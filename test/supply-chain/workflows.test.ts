import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

// What actionlint does not ask for (`npm run lint:workflows` runs it).

const root = join(import.meta.dirname, '..', '..');
const directory = join(root, '.github', 'workflows');
const workflows = readdirSync(directory).map((name) => ({
  name,
  text: readFileSync(join(directory, name), 'utf8'),
}));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe.each(workflows)('$name', ({ text }) => {
  const jobs = text
    .slice(text.indexOf('\njobs:\n'))
    .split(/\n {2}(?=[\w-]+:\n)/)
    .slice(1);

  it('pins every action to a commit, and says which version that is', () => {
    const used = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(0);
    const pinned = /^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(used.filter((action) => !pinned.test(action) && !action.startsWith('./.github/'))).toEqual([]);
  });

  it('may do nothing by default but read the code', () => {
    expect(/^permissions:(.*\n(?: {2}.*\n)*)/m.exec(text)?.[1]?.trim()).toMatch(/^(\{\}|contents: read)$/);
  });

  it('bounds every job in time, and keeps no token beside the code', () => {
    for (const job of jobs) {
      if (!job.includes('uses: ./.github/')) expect(job).toMatch(/^ {4}timeout-minutes: \d+$/m);
      const checkouts = job.split('actions/checkout@').length - 1;
      expect(job.split('persist-credentials: false').length - 1).toBe(checkouts);
    }
  });

  it('gives what others may have written to no shell, and runs for nobody else’s branch with our rights', () => {
    expect(text).not.toContain('pull_request_target');
    const shell = scriptsIn(text);
    expect(shell.length).toBeGreaterThan(0);
    expect(shell.filter((script) => script.includes('${{'))).toEqual([]);
  });

  it('runs only scripts that there are', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    for (const [file] of text.matchAll(/scripts\/[\w./-]+\.js/g)) {
      expect(() => readFileSync(join(root, file))).not.toThrow();
    }
  });
});

it('One version of an action is used everywhere', () => {
  const versions = new Map<string, Set<string>>();
  for (const [, action = '', commit = ''] of workflows
    .map(({ text }) => text)
    .join('\n')
    .matchAll(/uses: ([\w-]+\/[\w-]+)[\w/-]*@(.*)/g)) {
    versions.set(action, (versions.get(action) ?? new Set()).add(commit));
  }
  expect([...versions].filter(([, commits]) => commits.size > 1)).toEqual([]);
});

it('The licences that a pull request may bring are those that the lockfile may have', () => {
  const review = workflows.find(({ name }) => name === 'security.yml')?.text;
  const listed = /allow-licenses: (.*)/.exec(review ?? '')?.[1]?.split(', ');
  const test = readFileSync(join(import.meta.dirname, 'lockfile.test.ts'), 'utf8');
  const held = /const allowed = \[([^\]]*)\]/.exec(test)?.[1]?.match(/[\w.-]+/g);
  expect(listed).toEqual(held);
});

/** What `run:` gives to a shell: the rest of its line, or the block below it, which is indented deeper. */
function scriptsIn(text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const [, before = '', rest = ''] = /^( *(?:- )?)run: (.*)$/.exec(line) ?? [];
    if (rest !== '|') return rest ? [rest] : [];
    const below = lines.slice(index + 1);
    const end = below.findIndex((each) => each.trim() !== '' && each.search(/\S/) <= before.length);
    return [below.slice(0, end === -1 ? undefined : end).join('\n')];
  });
}
