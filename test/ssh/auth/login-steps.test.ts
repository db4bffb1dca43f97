import { beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../../src/ssh/auth/identity.ts';
import { Login, type Userauth } from '../../../src/ssh/auth/login.ts';
import { wireString } from '../../../src/ssh/known-hosts/wire.ts';

let sent: string[];
let signatures: number;

const userauth: Userauth = {
  announced: undefined,
  probe: (blob) => sent.push(`probe ${nameOf(blob)}`),
  dataToSign: (blob) => blob,
  sendSigned: (blob) => sent.push(`signed ${nameOf(blob)}`),
  none: () => sent.push('none'),
};

beforeEach(() => {
  sent = [];
  signatures = 0;
});

describe('the steps of a login', () => {
  it('a server that takes a probed key twice gets one signature, and one that was not asked gets none', async () => {
    const login = loginWith(identity('a', true), identity('b', false));
    await login.next(userauth);
    await login.probed(userauth);
    await login.probed(userauth);
    expect(sent).toEqual(['probe a', 'signed a']);
    login.refused(['publickey'], false);
    await login.next(userauth);
    await login.probed(userauth);
    expect(sent).toEqual(['probe a', 'signed a', 'signed b']);
    expect(signatures).toBe(2);
  });

  it('after a first factor the keys refused before it are tried once more, the one it took is not', async () => {
    const login = loginWith(identity('a', false), identity('b', false), identity('c', false));
    await login.next(userauth);
    login.refused(['publickey'], false);
    await login.next(userauth);
    login.refused(['publickey'], true);
    while (await login.next(userauth)) login.refused(['publickey'], false);
    expect(sent).toEqual(['signed a', 'signed b', 'signed a', 'signed c', 'none']);
  });

  it('no key is offered once the server said that it takes none', async () => {
    const login = loginWith(identity('a', false), identity('b', false));
    await login.next(userauth);
    login.refused(['password'], false);
    await login.next(userauth);
    expect(sent).toEqual(['signed a', 'none']);
    expect(login.attempts.map(({ outcome }) => outcome)).toEqual(['refused by the server', 'not tried']);
  });

  it('has started when a request is under way', async () => {
    const login = loginWith(identity('a', true));
    expect(login.started).toBe(false);
    await login.next(userauth);
    expect(login.started).toBe(true);
  });
});

function loginWith(...identities: Identity[]): Login {
  return new Login(identities, undefined, new AbortController().signal);
}

function identity(name: string, probeFirst: boolean): Identity {
  const blob = Buffer.concat([wireString('ssh-ed25519'), wireString(name)]);
  const sign = async (data: Buffer) => {
    signatures += 1;
    return data;
  };
  return { source: 'agent', label: name, blob, probeFirst, open: async () => ({ blob, sign }) };
}

function nameOf(blob: Buffer): string {
  return blob.subarray(-1).toString();
}
