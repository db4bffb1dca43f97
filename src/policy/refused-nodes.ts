import type { Statement } from 'unbash';

type NodeType = Statement['command']['type'];

const oneByOne = 'the commands inside it, one by one or joined by && || ;';

/** What is said of the constructs that people do write. Every node kind but the simple ones is refused. */
export const refusedNodes: Partial<Record<NodeType, readonly [reason: string, instead: string]>> = {
  Subshell: ['subshells are not run', oneByOne],
  BraceGroup: ['groups are not run', oneByOne],
  Redirected: ['redirected groups are not run', oneByOne],
  If: ['conditions are not run', 'test … && … || …'],
  For: [
    'loops are not run',
    'a program that takes many files: grep -H x /a /b, or a pattern such as /var/log/*.log',
  ],
  ArithmeticFor: ['loops are not run', oneByOne],
  Select: ['loops are not run', oneByOne],
  While: ['loops are not run', oneByOne],
  Case: ['conditions are not run', oneByOne],
  Function: ['functions are not run', oneByOne],
  Coproc: ['background jobs are not run', oneByOne],
  TestCommand: ['[[ … ]] is not the same in all shells', '[ … ] or test'],
  ArithmeticCommand: ['arithmetic is not run', 'the number itself'],
};
