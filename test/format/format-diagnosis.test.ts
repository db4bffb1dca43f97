import { describe, expect, it } from 'vitest';
import { ScoutError } from '../../src/errors.ts';
import {
  formatDiagnoses,
  formatReadiness,
  structureDiagnoses,
  structureReadiness,
} from '../../src/format/format-diagnosis.ts';
import { toRemoteLine } from '../../src/remote-text.ts';
import { type Diagnosis, failed, passed, skipped } from '../../src/ssh/diagnose/diagnosis.ts';
import { gradeAccount } from '../../src/ssh/diagnose/grade.ts';

const error = new ScoutError('auth_failed', 'web1 refused the login', 'Add a key.');
const broken: Diagnosis = {
  host: 'web1',
  healthy: false,
  durationMs: 41.7,
  steps: [
    passed('config', 'web1', 'root@10.0.0.1 port 22', 1.26),
    passed('dns', 'web1', 'an address'),
    failed('auth', 'web1', error, 40),
    ...skipped(['shell', 'tools'], 'web1'),
  ],
  grade: undefined,
};
const fine: Diagnosis = {
  host: 'db1',
  healthy: true,
  durationMs: 5,
  steps: [
    passed('config', 'db1', 'me@10.0.0.2 port 22', 5),
    { name: 'wall', on: 'db1', outcome: 'none', detail: toRemoteLine('none here') },
  ],
  grade: gradeAccount({ uid: 1000, groups: ['me', 'docker', 'sudo'] }, 'none'),
};

describe('diagnoses for people', () => {
  it('are tables whose columns are aligned, with the fix below what failed', () => {
    expect(formatDiagnoses([broken, fine], { hosts: [] }, false)).toBe(`web1: something failed, 42 ms
  ok       config        web1  1 ms   root@10.0.0.1 port 22
  ok       DNS           web1  -      an address
  FAILED   auth          web1  40 ms  web1 refused the login
    Fix: Add a key.
  skipped  shell         web1  -
  skipped  remote tools  web1  -

db1: all is well, 5 ms
  ok    config       db1  5 ms  me@10.0.0.2 port 22
  none  kernel wall  db1  -     none here
  grade D: no root login, member of docker, which is as good as root, member of sudo; password-less sudo not looked at, for asking would write to its log, no kernel wall
    Fix: scout-mcp harden db1 prints an account that may only look

2 hosts: 1 with a failure`);
  });

  it('have their marks in colour, and nothing else, where that is wanted', () => {
    const text = formatDiagnoses([broken], { hosts: [] }, true);
    expect(text).toContain('\x1b[32mok\x1b[0m       config');
    expect(text).toContain('\x1b[31mFAILED\x1b[0m   auth');
    expect(text.replace(/\x1b\[\d+m/g, '')).toBe(formatDiagnoses([broken], { hosts: [] }, false));
  });

  it('say when there is nothing to say', () => {
    expect(formatDiagnoses([], { hosts: [] }, false)).toBe('The ssh configuration names no host');
    expect(formatDiagnoses([], { hosts: ['zzz'] }, false)).toBe(
      'SCOUT_HOSTS leaves no host of the ssh configuration',
    );
  });

  it('show nothing that a terminal would obey', () => {
    const steps = [passed('tools', 'web1', 'Linux \x1b[2J\u202e\nok FAKED')];
    const text = formatDiagnoses([{ ...fine, steps }], { hosts: [] }, false);
    expect(text).toContain('Linux \\x1b[2J\\u202e ⏎ ok FAKED');
  });
});

it('Diagnoses for machines hold the same facts', () => {
  expect(structureDiagnoses([broken, fine])).toMatchObject({
    healthy: false,
    status: 'degraded',
    hosts: [
      {
        host: 'web1',
        healthy: false,
        status: 'unhealthy',
        duration_ms: 42,
        steps: [
          { step: 'config', on: 'web1', outcome: 'ok', duration_ms: 1.3, detail: 'root@10.0.0.1 port 22' },
          { step: 'dns', outcome: 'ok' },
          { step: 'auth', outcome: 'failed', error: { code: 'auth_failed', fix: 'Add a key.' } },
          { step: 'shell', outcome: 'skipped' },
          { step: 'tools', outcome: 'skipped' },
        ],
      },
      {
        host: 'db1',
        status: 'healthy',
        grade: { letter: 'D', docker_group: true, sudo_group: 'sudo', passwordless_sudo: 'not looked at' },
      },
    ],
  });
});

it('Readiness is a table with a fix for what is not ready', () => {
  const checks = [
    { name: 'node', ok: true, detail: toRemoteLine('Node.js 20.1.0'), durationMs: 0.04 },
    { name: 'config', ok: false, detail: toRemoteLine('no such file'), fix: 'Write it.', durationMs: 1.26 },
  ] as const;
  expect(formatReadiness(checks, false)).toBe(
    '  ok      node    Node.js 20.1.0\n  FAILED  config  no such file\n    Fix: Write it.',
  );
  expect(structureReadiness(checks)).toMatchObject({
    ready: false,
    status: 'unhealthy',
    checks: [
      { ok: true, duration_ms: 0 },
      { fix: 'Write it.', duration_ms: 1.3 },
    ],
  });
});
