import { type Kind, kindOf } from '../kinds.ts';

interface Form {
  readonly tests: RegExp;
  readonly kind: Kind;
}

const type = /^[bcdpflsD](?:,[bcdpflsD])*$/;

/** The tests and actions of find(1) that take one value, and what it may be. */
export const findForms: readonly Form[] = [
  { tests: /^-(?:maxdepth|mindepth)$/, kind: kindOf('NUMBER') },
  {
    tests: /^-(?:[acm]min|[acm]time|gid|uid|inum|links|used)$/,
    kind: { what: 'a number such as 7, -7 or +7', form: /^[+-]?\d{1,15}(?:\.\d+)?$/ },
  },
  { tests: /^-(?:anewer|cnewer|newer|newer[aBcm][aBcm]|samefile)$/, kind: kindOf('NAME') },
  { tests: /^-newer[aBcm]t$/, kind: kindOf('DATE') },
  { tests: /^-(?:i?name|i?path|i?wholename|i?regex|i?lname)$/, kind: kindOf('PATTERN') },
  { tests: /^-(?:group|user)$/, kind: kindOf('USER') },
  { tests: /^-fstype$/, kind: kindOf('LIST') },
  { tests: /^-(?:type|xtype)$/, kind: { what: 'f, d, l, p, s, b or c', form: type } },
  { tests: /^-size$/, kind: { what: 'a size such as +10M', form: /^[+-]?\d{1,15}[bcwkMGTP]?$/ } },
  {
    tests: /^-perm$/,
    kind: {
      what: 'a mode such as 644, -u+x or /222',
      form: /^[-/]?(?:[0-7]{1,5}|[ugoa]*[-+=][rwxXstugo]*(?:,[ugoa]*[-+=][rwxXstugo]*)*)$/,
    },
  },
  { tests: /^-printf$/, kind: kindOf('TEXT') },
  { tests: /^-regextype$/, kind: kindOf('WORD') },
];
