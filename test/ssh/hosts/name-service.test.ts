import { describe, expect, it } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { systemNameService } from '../../../src/ssh/hosts/name-service.ts';
import { bookOf, soon } from './fixture.ts';

const canonical = 'CanonicalizeHostname yes\nCanonicalDomains lan.test\n';

describe('the name service', () => {
  it('of the system knows localhost', async () => {
    expect(await systemNameService.exists('localhost', 'any', soon())).toBe(true);
  });

  it('ends with the call, however long a name takes', async () => {
    const controller = new AbortController();
    const reason = new ScoutError('command_timeout', 'too late', 'Wait longer.');
    controller.abort(reason);
    await expect(systemNameService.exists('localhost', 'any', controller.signal)).rejects.toBe(reason);
    await expect(systemNameService.canonicalName('localhost', controller.signal)).rejects.toBe(reason);
  });

  it('that knows no completed name leaves the name, or makes it an error without fallback', async () => {
    const nameService = { exists: async () => false, canonicalName: async () => undefined };
    const book = (config: string) => bookOf(config, { nameService });
    expect((await book(canonical).resolve('web', soon())).hostName).toBe('web');
    await expect(
      book(`${canonical}CanonicalizeFallbackLocal no\n`).resolve('web', soon()),
    ).rejects.toMatchObject({ code: 'dns_failed', message: expect.stringContaining('"web"') });
  });

  it('is asked for addresses of the configured family only', async () => {
    const families: string[] = [];
    const nameService = {
      exists: async (_: string, family: string) => families.push(family) > 0,
      canonicalName: async () => undefined,
    };
    const book = bookOf(`${canonical}Host six\n AddressFamily inet6\n`, { nameService });
    expect((await book.resolve('six', soon())).hostName).toBe('six.lan.test');
    await book.resolve('any', soon());
    expect(families).toEqual(['inet6', 'any']);
  });
});
