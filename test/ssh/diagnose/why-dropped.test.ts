import { describe, expect, it } from 'vitest';
import { droppedError, whyDropped } from '../../../src/ssh/diagnose/why-dropped.ts';
import { aHost } from '../known-hosts/a-host.ts';
import { startDoor } from './door.ts';

const signal = new AbortController().signal;

describe('what sshd says as it drops a connection', () => {
  it.each([
    ['Exceeded MaxStartups\r\n', /raise MaxStartups/],
    ['Not allowed at this time\r\n', /PerSourcePenaltyExemptList/],
  ])('%j has a fix', (said, fix) => {
    const error = droppedError(aHost({ alias: 'web1' }), said);
    expect(error?.code).toBe('unreachable');
    expect(error?.message).toMatch(/^web1: 127\.0\.0\.1 port 22 /);
    expect(error?.fix).toMatch(fix);
  });

  it.each([[''], ['SSH-2.0-OpenSSH_9.2\r\n'], ['I say: Exceeded MaxStartups\r\n']])('%j has none', (said) => {
    expect(droppedError(aHost(), said)).toBeUndefined();
  });
});

describe('hearing what a server says', () => {
  it('gives its reason, and none where it closes without a word', async () => {
    const door = await startDoor(1, { turnedAway: 'Exceeded MaxStartups\r\n' });
    try {
      expect((await whyDropped(aHost({ port: door.port }), undefined, signal))?.message).toMatch(
        /MaxStartups/,
      );
      door.set({ turnedAway: '' });
      expect(await whyDropped(aHost({ port: door.port }), undefined, signal)).toBeUndefined();
    } finally {
      await door.stop();
    }
  });

  it('does not run a ProxyCommand again', async () => {
    const door = await startDoor(1, { turnedAway: 'Exceeded MaxStartups\r\n' });
    const settings = aHost({ port: door.port, proxyCommand: 'false' });
    expect(await whyDropped(settings, undefined, signal)).toBeUndefined();
    await door.stop();
  });
});
