import { expect, it } from 'vitest';
import { readProblem } from '../../src/policy/paths.ts';

it.each([
  '/proc/kmsg',
  '//proc/./kmsg',
  '/proc/1/fd/0',
  '/proc/1/root/etc/shadow',
  '/sys/kernel/debug/tracing/trace_pipe',
  '/sys/kernel/tracing/trace_pipe',
  '/net/other',
])('%s is not read', (path) => {
  expect(readProblem(path)).toMatch(/\w/);
});

it.each([
  '/proc/cpuinfo',
  '/proc/1/fd',
  '/proc/1/status',
  '/dev',
  '/dev/sda',
  '/sys/kernel',
  '/etc',
  '',
  '~',
  'proc/kmsg',
])('%j may be asked for', (path) => {
  expect(readProblem(path)).toBeUndefined();
});
