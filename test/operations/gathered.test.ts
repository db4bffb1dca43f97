import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gathered } from '../../src/operations/gathered.ts';

type Name = 'stdout' | 'stderr';
const chunks = fc.array(
  fc.record({ name: fc.constantFrom<Name>('stdout', 'stderr'), bytes: fc.uint8Array({ maxLength: 40 }) }),
  { maxLength: 40 },
);

describe('what is gathered of a command', () => {
  it('is the beginning and the end of each stream, whole where both fit, and never more than the share', () => {
    fc.assert(
      fc.property(chunks, fc.integer({ min: 16, max: 400 }), (sent, share) => {
        const gathered = new Gathered(share);
        const whole: Record<Name, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
        for (const { name, bytes } of sent) {
          const chunk = Buffer.from(bytes);
          gathered.sink[name](chunk);
          whole[name] = Buffer.concat([whole[name], chunk]);
        }
        let total = 0;
        for (const name of ['stdout', 'stderr'] as const) {
          const { head, tail, droppedBytes } = gathered.kept(true)[name];
          total += head.length + tail.length;
          expect(head.length + droppedBytes + tail.length).toBe(whole[name].length);
          expect(whole[name].subarray(0, head.length).equals(head)).toBe(true);
          expect(whole[name].subarray(whole[name].length - tail.length).equals(tail)).toBe(true);
        }
        expect(total).toBeLessThanOrEqual(share);
        if (whole.stdout.length + whole.stderr.length <= share)
          expect(gathered.kept(true).stdout.droppedBytes).toBe(0);
        expect(gathered.receivedBytes).toBe(whole.stdout.length + whole.stderr.length);
      }),
      { numRuns: 300 },
    );
  });

  it('is stdout to the last byte of the share where stderr is silent', () => {
    const gathered = new Gathered(1_000);
    for (let index = 0; index < 1_000; index += 1) gathered.sink.stdout(Buffer.from('x'));
    expect(gathered.kept(true).stdout).toMatchObject({ droppedBytes: 0, head: { length: 1_000 } });
  });

  it('leaves a quarter to stderr, however loud stdout is, and whoever came first', () => {
    for (const order of [
      ['stdout', 'stderr'],
      ['stderr', 'stdout'],
    ] as const) {
      const gathered = new Gathered(1_000);
      for (const name of order)
        for (let index = 0; index < 30; index += 1) gathered.sink[name](Buffer.alloc(50));
      const size = (name: Name) =>
        gathered.kept(true)[name].head.length + gathered.kept(true)[name].tail.length;
      expect([size('stdout'), size('stderr')]).toEqual([750, 250]);
    }
  });

  it('ends when four times the share has come', () => {
    const gathered = new Gathered(1_000);
    const said = Array.from({ length: 41 }, () => gathered.sink.stdout(Buffer.alloc(100)));
    expect(said.slice(0, 40)).toEqual(Array(40).fill('more'));
    expect(said[40]).toBe('stop');
  });

  it('has no half of a character at the gap', () => {
    for (let shift = 0; shift < 4; shift += 1) {
      const gathered = new Gathered(101);
      const whole = `${'x'.repeat(shift)}${'😀é漢'.repeat(100)}`;
      gathered.sink.stdout(Buffer.from(whole));
      const { head, tail, droppedBytes } = gathered.kept(true).stdout;
      const [begin, end] = [Buffer.from(head).toString(), Buffer.from(tail).toString()];
      expect(begin + end).not.toContain('\ufffd');
      expect(whole.startsWith(begin) && whole.endsWith(end)).toBe(true);
      expect(head.length + tail.length + droppedBytes).toBe(Buffer.byteLength(whole));
      expect(head.length + tail.length).toBeGreaterThan(90);
    }
  });

  it('has no half of a character at its end where the command was stopped there', () => {
    for (const share of [16, 1_000]) {
      const gathered = new Gathered(share);
      gathered.sink.stdout(Buffer.from('é漢'.repeat(20)).subarray(0, -1));
      const { head, tail } = gathered.kept(false).stdout;
      expect(Buffer.concat([head, tail]).toString()).toMatch(/^[é漢]+é$/);
      expect(
        Buffer.concat([gathered.kept(true).stdout.head, gathered.kept(true).stdout.tail]).toString(),
      ).toMatch(/é\ufffd$/);
    }
  });

  it('takes no more memory than its bytes, however small the chunks', () => {
    const gathered = new Gathered(100_000);
    const packet = Buffer.alloc(4_096);
    for (let index = 0; index < 400_000; index += 1)
      gathered.sink.stdout(packet.subarray(index % 4_000, (index % 4_000) + 1));
    expect(gathered.receivedBytes).toBe(400_000);
    const { head, tail } = gathered.kept(true).stdout;
    expect(head.length + tail.length).toBe(100_000);
  });
});
