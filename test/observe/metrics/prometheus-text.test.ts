import { describe, expect, it } from 'vitest';
import { Counter, durationBounds, Histogram } from '../../../src/observe/metrics/instruments.ts';
import { prometheusText } from '../../../src/observe/metrics/prometheus-text.ts';
import { readExposition } from './exposition.ts';

describe('the Prometheus text format', () => {
  it('has HELP, TYPE and a line a sample, sorted by metric', () => {
    const b = new Counter('b_total', 'Two.', 'host');
    const a = new Counter('a_total', 'One.');
    b.add({ host: 'web1' }, 3);
    b.add({ host: 'web1' });
    b.add({ host: 'web2' });
    expect(prometheusText([b.read(), a.read()])).toBe(
      '# HELP a_total One.\n# TYPE a_total counter\na_total 0\n' +
        '# HELP b_total Two.\n# TYPE b_total counter\nb_total{host="web1"} 4\nb_total{host="web2"} 1\n',
    );
  });

  it('escapes what would end a label or a line', () => {
    const counter = new Counter('c_total', 'A \\ and\na line', 'what');
    counter.add({ what: 'quote " slash \\ line\n end' });
    const text = prometheusText([counter.read()]);
    expect(text).toContain('# HELP c_total A \\\\ and\\na line\n');
    expect(text).toContain('c_total{what="quote \\" slash \\\\ line\\n end"} 1\n');
    expect(readExposition(text).series[0]?.labels.what).toBe('quote " slash \\ line\n end');
  });

  it('adds up the buckets of a histogram, each bound being part of its bucket', () => {
    const histogram = new Histogram('d_seconds', 'D.', 'name');
    for (const ms of [5, 5.1, 2_000, 60_000]) histogram.observeMs({ name: 'x' }, ms);
    const { value } = readExposition(prometheusText([histogram.read()]));
    const upTo = (le: string) => value('d_seconds_bucket', { le });
    expect([upTo('0.005'), upTo('0.01'), upTo('1'), upTo('2'), upTo('50'), upTo('+Inf')]).toEqual([
      1, 2, 2, 3, 3, 4,
    ]);
    expect(value('d_seconds_sum')).toBeCloseTo(62.0101);
    expect(value('d_seconds_count')).toBe(4);
    expect(durationBounds.every((bound) => upTo(String(bound)) !== undefined)).toBe(true);
  });

  it('has a common label in every sample where it is told one', () => {
    const histogram = new Histogram('d_seconds', 'D.');
    const counter = new Counter('c_total', 'C.');
    const { series } = readExposition(prometheusText([histogram.read(), counter.read()], { pid: '42' }));
    expect(series.length).toBeGreaterThan(3);
    expect(series.every(({ labels }) => labels.pid === '42')).toBe(true);
  });
});

describe('the reader of these tests', () => {
  const good = '# HELP a_total A.\n# TYPE a_total counter\na_total{x="1"} 1\n';
  it.each([
    ['no end of the last line', good.slice(0, -1)],
    ['a metric without TYPE', '# HELP a_total A.\na_total 1\n'],
    ['a metric twice', good + good],
    ['a series twice', `${good}a_total{x="1"} 2\n`],
    ['a sample of another metric', `${good}b_total 2\n`],
    ['a label without quotes', good.replace('"1"', '1')],
    ['a line feed in a label', good.replace('"1"', '"\n"')],
    ['no number', good.replace(' 1\n', ' one\n')],
    [
      'a histogram that falls',
      '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
    ],
    [
      'a histogram without an end',
      '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 1\nh_count 1\n',
    ],
  ])('refuses %s', (_, text) => {
    expect(() => readExposition(good)).not.toThrow();
    expect(() => readExposition(text)).toThrow();
  });
});
