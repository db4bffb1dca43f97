import { describe, expect, it } from 'vitest';
import { parseTarget } from '../../src/operations/target.ts';

describe('a target', () => {
  it('is hosts and a path, parted at the first colon', () => {
    expect(parseTarget('web1:/etc/hostname')).toEqual({ kind: 'path', hosts: 'web1', path: '/etc/hostname' });
    expect(parseTarget('web*,!web3:~/a:b')).toEqual({ kind: 'path', hosts: 'web*,!web3', path: '~/a:b' });
    expect(parseTarget('web1:')).toEqual({ kind: 'path', hosts: 'web1', path: '' });
    expect(parseTarget('web1:-rf *\n"\'')).toMatchObject({ path: '-rf *\n"\'' });
    expect(parseTarget('web1:a..b/...')).toMatchObject({ path: 'a..b/...' });
  });

  it('is a kept result', () => {
    expect(parseTarget('result:abc123')).toEqual({ kind: 'result', id: 'abc123', character: 0 });
    expect(parseTarget('result:abc123@42')).toEqual({ kind: 'result', id: 'abc123', character: 42 });
  });

  it.each([
    ['/etc/hostname', 'it has no colon'],
    [':/etc/hostname', 'it names no host'],
    ['web1:/a\0b', 'NUL'],
    ['web1:../x', '`..`'],
    ['web1:/a/..', '`..`'],
    ['web1:~root/x', '`~user`'],
    ['web1:\ud800', 'surrogate'],
    [`web1:/${'x'.repeat(4_096)}`, 'longer than 4096 bytes'],
    ['result:', 'result:ID'],
    ['result:a@x', 'result:ID'],
    ['result:../x', 'result:ID'],
  ])('is not %j: %s', (text, why) => {
    expect(() => parseTarget(text)).toThrow(
      expect.objectContaining({
        code: 'invalid_target',
        message: expect.stringContaining(why),
        fix: expect.stringContaining('HOSTS:PATH'),
      }),
    );
  });

  it('is shown short and escaped where it is none', () => {
    try {
      parseTarget(`\u001b[31m${'x'.repeat(10_000)}`);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toMatch(/^[\x20-\x7e…]{1,250}$/);
    }
  });
});
