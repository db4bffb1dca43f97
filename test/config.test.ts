import { describe, expect, it } from 'vitest';
import { loadConfig, settingRows } from '../src/config.ts';
import { parseDenyPaths } from '../src/deny-paths.ts';
import { settings } from '../src/settings.ts';

/** For each setting, values that are taken with what they become, and values that are not. */
const samples: Record<
  keyof typeof settings,
  { readonly valid: readonly (readonly [string, unknown])[]; readonly invalid: readonly string[] }
> = {
  sshConfig: { valid: [['/etc/x', '/etc/x']], invalid: ['a\0b'] },
  sshEngine: {
    valid: [
      ['auto', 'auto'],
      ['SSH2', 'ssh2'],
      ['openssh', 'openssh'],
    ],
    invalid: ['plink'],
  },
  matchExec: {
    valid: [
      ['off', false],
      ['YES', true],
      ['0', false],
    ],
    invalid: ['maybe', '2'],
  },
  hosts: { valid: [['web*, !web3', ['web*', '!web3']]], invalid: [',', 'a,,b', '!'] },
  knownHosts: { valid: [['~/known', '~/known']], invalid: ['a\0b'] },
  strictHostKeyChecking: { valid: [['accept-new', 'accept-new']], invalid: ['maybe', 'off'] },
  maxFileSizeBytes: {
    valid: [
      ['64KiB', 65_536],
      ['1', 1],
    ],
    invalid: ['0', '2G', '-1', 'big'],
  },
  maxOutputSizeBytes: { valid: [['1M', 1_048_576]], invalid: ['1023', '2G'] },
  pageSizeBytes: { valid: [['32k', 32_768]], invalid: ['1k0', '1000', '17M'] },
  callTimeoutMs: {
    valid: [
      ['50', 50_000],
      ['500ms', 500],
    ],
    invalid: ['99ms', '25h', 'soon'],
  },
  commandTimeoutMs: { valid: [['2m', 120_000]], invalid: ['0', '1e3'] },
  connectTimeoutMs: { valid: [['5', 5_000]], invalid: ['0', '2h'] },
  idleTimeoutMs: { valid: [['1.5', 1_500]], invalid: ['never', '-5'] },
  maxPoolSize: { valid: [['1', 1]], invalid: ['0', '10001', '1.5', '1e2'] },
  maxChannelsPerHost: { valid: [['10', 10]], invalid: ['0', 'ten'] },
  fanout: { valid: [[' 4 ', 4]], invalid: ['0', '1001'] },
  queryPolicy: { valid: [['off', 'off']], invalid: ['on', 'readwrite'] },
  kernelWall: { valid: [['auto', 'auto']], invalid: ['yes'] },
  denyPaths: {
    valid: [['default, /srv/x', parseDenyPaths(['default', '/srv/x'])]],
    invalid: ['/a,,/b', 'srv', '/a/../b', '/', '~', '/a\0b', '/[', '!default'],
  },
  nice: { valid: [['on', true]], invalid: ['19'] },
  beam: {
    valid: [
      ['off', 'off'],
      ['upload', 'upload'],
      ['on', 'on'],
    ],
    invalid: ['down', 'yes'],
  },
  beamRoots: { valid: [['/srv, ~/x', ['/srv', '~/x']]], invalid: [] },
  beamConfirmSizeBytes: { valid: [['100MiB', 104_857_600]], invalid: ['lots', '-1'] },
  rateLimitPerMinute: { valid: [['0', 0]], invalid: ['-1', '1000001'] },
  rateLimitBurst: { valid: [['20', 20]], invalid: ['x'] },
  auditLog: { valid: [['~/scout/audit.jsonl', '~/scout/audit.jsonl']], invalid: ['a\0b'] },
  metricsFile: { valid: [['/var/lib/scout-%p.prom', '/var/lib/scout-%p.prom']], invalid: ['a\0b'] },
  redact: {
    valid: [
      ['on', true],
      ['off', false],
    ],
    invalid: ['some'],
  },
  logLevel: { valid: [['Debug', 'debug']], invalid: ['verbose'] },
  logFormat: { valid: [['json', 'json']], invalid: ['xml'] },
  logPayloads: { valid: [['on', true]], invalid: ['all'] },
  includeTraceback: { valid: [['true', true]], invalid: ['full'] },
  slowThresholdMs: {
    valid: [
      ['250', 250],
      ['2s', 2_000],
      ['0', 0],
    ],
    invalid: ['-1', '2h'],
  },
};

const rows = Object.entries(samples).map(([key, sample]) => ({
  key: key as keyof typeof settings, // the table above names them all
  variable: settings[key as keyof typeof settings].variable,
  flag: settings[key as keyof typeof settings].variable.slice(6).toLowerCase().replaceAll('_', '-'),
  ...sample,
}));

describe.each(rows)('$variable', ({ key, variable, flag, valid, invalid }) => {
  it.each(valid)('%j is taken, from the variable and from the flag', (text, value) => {
    expect(loadConfig({ [variable]: text })[key]).toEqual(value);
    expect(loadConfig({}, { [flag]: text })[key]).toEqual(value);
  });

  it.each(invalid)('%j is refused by the name it came under', (text) => {
    expect(() => loadConfig({ [variable]: text })).toThrow(`${variable}=${JSON.stringify(text)} `);
    expect(() => loadConfig({}, { [flag]: text })).toThrow(`--${flag}=${JSON.stringify(text)} `);
  });

  it('counts as unset when it is empty', () => {
    expect(loadConfig({ [variable]: '' })[key]).toEqual(settings[key].fallback);
  });
});

it('A flag wins over its variable, even over a wrong one', () => {
  const env = { SCOUT_IDLE_TIMEOUT: '10', SCOUT_FANOUT: 'many' };
  const config = loadConfig(env, { 'idle-timeout': '20', fanout: '2' });
  expect(config).toMatchObject({ idleTimeoutMs: 20_000, fanout: 2 });
});

it('A flag that is empty counts as unset: the variable holds', () => {
  expect(loadConfig({ SCOUT_HOSTS: 'web*' }, { hosts: '' }).hosts).toEqual(['web*']);
});

it('A refusal is one line with the value, what is allowed and the next step, and does not repeat a long value', () => {
  const refusal = refusalOf(() => loadConfig({ SCOUT_IDLE_TIMEOUT: 'soon\nor later' }));
  expect(refusal).toMatchObject({
    code: 'invalid_argument',
    message: expect.stringMatching(
      /^SCOUT_IDLE_TIMEOUT="soon\\nor later" is not valid: allowed is a duration .*$/,
    ),
    fix: 'Correct SCOUT_IDLE_TIMEOUT or unset it, and start again.',
  });
  expect(refusalOf(() => loadConfig({ SCOUT_FANOUT: 'x'.repeat(10_000) }))?.message.length).toBeLessThan(200);
});

it('The settings cannot be changed once they are loaded', () => {
  expect(Object.isFrozen(loadConfig({}))).toBe(true);
});

it('Variables outside the table change nothing', () => {
  expect(loadConfig({ SCOUT_UNKNOWN: 'x', IDLE_TIMEOUT: '1' })).toEqual(loadConfig({}));
});

it('Every row of the table has a name, a flag and something to say', () => {
  const table = settingRows();
  expect(new Set(table.map(({ variable }) => variable)).size).toBe(Object.keys(settings).length);
  for (const { variable, flag, defaultText, allowed, meaning } of table) {
    expect(variable).toMatch(/^SCOUT_[A-Z_]+$/);
    expect(flag).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(Math.min(defaultText.length, allowed.length, meaning.length)).toBeGreaterThan(0);
  }
});

function refusalOf(load: () => unknown): Error | undefined {
  try {
    load();
  } catch (error) {
    return error as Error; // loadConfig throws nothing else
  }
  return undefined;
}
