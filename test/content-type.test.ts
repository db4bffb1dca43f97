import { expect, it } from 'vitest';
import { binaryType, isImage } from '../src/content-type.ts';

it.each([
  ['89504e470d0a1a0a00', 'image/png'],
  ['ffd8ffe000', 'image/jpeg'],
  ['474946383961010001008000001f', 'image/gif'],
  ['52494646aabbccdd57454250', 'image/webp'],
  ['1f8b08', 'gzip'],
  ['425a6839314159265359', 'bzip2'],
  ['255044462d312e34', 'PDF'],
  ['00010203', 'binary data'],
])('%s begins %s', (hex, type) => {
  expect(binaryType(Buffer.from(hex, 'hex'))).toBe(type);
  expect(isImage(type)).toBe(type.startsWith('image/'));
});

it.each([
  '',
  'plain',
  'GIF89a is what a file of that kind begins with',
  'BZh9 is how bzip2 files begin',
  '%PDF',
  '漢',
  '\u001b[0m',
])('text is text: %j', (text) => {
  expect(binaryType(Buffer.from(text))).toBeUndefined();
});

it('text in another encoding is shown as text', () => {
  expect(binaryType(Buffer.from('caf\xe9', 'latin1'))).toBeUndefined();
});
