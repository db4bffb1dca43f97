import { describe, expect, it } from 'vitest';
import { composeQuestions, splitReplies } from '../../../src/operations/ask/questions.ts';
import { judge } from '../../../src/policy/index.ts';

const tag = '0123456789abcdef01234567';
const kept = (head: string, tail = '', droppedBytes = 0) => ({
  head: Buffer.from(head),
  tail: Buffer.from(tail),
  droppedBytes,
});

describe('several questions in one command', () => {
  it('pass the policy as one', () => {
    expect(
      judge(composeQuestions(['date +%s', 'cat /a 2>/dev/null || cat /b', 'ps | head -n 3'], tag)).allowed,
    ).toBe(true);
  });

  it('give each its own text and end, whatever characters and line ends they print', () => {
    const printed = `é\n${tag} ok\nno line end${tag} failed\n${tag} ok\n`;
    expect(splitReplies(['a', 'b', 'c'], tag, kept(printed))).toEqual({
      a: { ok: true, text: 'é\n', bytes: 3, isWhole: true },
      b: { ok: false, text: 'no line end', bytes: 11, isWhole: true },
      c: { ok: true, text: '', bytes: 0, isWhole: true },
    });
  });

  it('are as long as they came, also where bytes are no UTF-8', () => {
    const head = Buffer.from(`\xe9\xe8\n${tag} ok\n`, 'latin1');
    const { a } = splitReplies(['a'], tag, { head, tail: Buffer.alloc(0), droppedBytes: 0 });
    expect(a).toMatchObject({ text: '\ufffd\ufffd\n', bytes: 3 });
  });

  it('that were not all asked leave the others without an answer', () => {
    expect(splitReplies(['a', 'b'], tag, kept(`1\n${tag} ok\nhalf of`))).toEqual({
      a: { ok: true, text: '1\n', bytes: 2, isWhole: true },
    });
  });

  it('keep those before and after a gap, and say which one has it', () => {
    const printed = kept(`1\n${tag} ok\nstart of b`, `end of c\n${tag} ok\n4\n${tag} failed\n`, 5_000);
    expect(splitReplies(['a', 'b', 'c', 'd'], tag, printed)).toEqual({
      a: { ok: true, text: '1\n', bytes: 2, isWhole: true },
      c: { ok: true, text: 'end of c\n', bytes: 9, isWhole: false },
      d: { ok: false, text: '4\n', bytes: 2, isWhole: true },
    });
    // stopped after the gap: which question the rest belongs to is not known
    expect(splitReplies(['a', 'b', 'c'], tag, kept(`1\n${tag} ok\nx`, `y\n${tag} ok\nhalf`, 9))).toEqual({
      a: { ok: true, text: '1\n', bytes: 2, isWhole: true },
    });
  });

  it('are not ended by a line that only looks like an end', () => {
    const printed = `${'f'.repeat(24)} ok\n${tag}ok\n${tag} maybe\n${tag} ok\n`;
    expect(splitReplies(['a', 'b'], tag, kept(printed)).a?.text).toBe(
      `${'f'.repeat(24)} ok\n${tag}ok\n${tag} maybe\n`,
    );
  });
});
