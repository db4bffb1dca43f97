import type { CorpusCase } from './ssh-oracle.ts';

/** Canonical names, tags and local networks. */
export const canonicalCorpus: readonly CorpusCase[] = [
  {
    name: 'canonicalize completes with the first domain that has the name',
    files: {
      config:
        'CanonicalizeHostname yes\nCanonicalDomains no.test lan.test\nHost web1.lan.test\n User can\nMatch canonical all\n Port 3\n',
    },
    hosts: ['web1', 'nowhere', 'bare'],
  },
  {
    name: 'canonicalize follows a permitted cname',
    files: {
      config:
        'CanonicalizeHostname yes\nCanonicalDomains lan.test\nCanonicalizePermittedCNAMEs *.lan.test:real.lan.test\nHost real.lan.test\n Port 7\n',
    },
    hosts: ['alias', 'web1'],
  },
  {
    name: 'canonicalize does not follow another cname',
    files: {
      config:
        'CanonicalizeHostname yes\nCanonicalDomains lan.test\nCanonicalizePermittedCNAMEs *.lan.test:other.lan.test\n',
    },
    hosts: ['alias'],
  },
  {
    name: 'canonicalize leaves names with more dots',
    files: { config: 'CanonicalizeHostname yes\nCanonicalDomains lan.test\nCanonicalizeMaxDots 0\n' },
    hosts: ['web1', 'x.y'],
  },
  {
    name: 'canonicalize without fallback',
    files: { config: 'CanonicalizeHostname yes\nCanonicalDomains lan.test\nCanonicalizeFallbackLocal no\n' },
    hosts: ['web1', 'nowhere'],
  },
  {
    name: 'canonicalize does not touch proxied hosts',
    files: { config: 'CanonicalizeHostname yes\nCanonicalDomains lan.test\nProxyJump j1\n' },
    hosts: ['web1'],
  },
  {
    name: 'canonicalize always touches proxied hosts',
    files: { config: 'CanonicalizeHostname always\nCanonicalDomains lan.test\nProxyJump j1\n' },
    hosts: ['web1'],
  },
  {
    name: 'canonicalize a name that ends with a dot',
    files: { config: 'CanonicalizeHostname yes\nCanonicalDomains lan.test\n' },
    hosts: ['web1.lan.test.', 'nowhere.'],
  },
  {
    name: 'canonicalize with jump none',
    files: {
      config:
        'CanonicalizeHostname yes\nCanonicalDomains lan.test\nHost web1\n ProxyJump none\nHost alias\n ProxyCommand none\n ProxyJump none\n',
    },
    hosts: ['web1', 'alias'],
  },
  {
    name: 'cname rules and what only looks like an address',
    files: {
      config:
        'CanonicalizePermittedCNAMEs x:y\nHost a\n HostName %%x\nHost b\n HostName 1.2.3.4.5\nHost c\n HostName 0891.1\n',
    },
    hosts: ['a', 'b', 'c', '10.0.0.7'],
  },
  {
    name: 'canonicalize with domain none',
    files: { config: 'CanonicalizeHostname yes\nCanonicalDomains none\n' },
    hosts: ['web1'],
  },
  {
    name: 'cname rules without canonicalization need the name',
    files: { config: 'CanonicalizePermittedCNAMEs *:*\n' },
    hosts: ['bare', 'nowhere'],
  },
  {
    name: 'tag from the command of a tag line',
    files: {
      config:
        'Tag t1\nMatch tagged t1\n Port 5\nMatch tagged t2\n User no\nMatch !tagged x*\n Compression yes\n',
    },
    hosts: ['a'],
    since: 904,
  },
  {
    name: 'localnetwork of loopback and of nobody',
    files: {
      config:
        'Match localnetwork 127.0.0.0/8,::1\n User ln\nMatch localnetwork 203.0.113.0/24\n Port 9\nMatch !localnetwork 203.0.113.7\n Compression yes\n',
    },
    hosts: ['a'],
    since: 904,
  },
  {
    name: 'localnetwork that is no network',
    files: { config: 'Match localnetwork 10.0.0.0/33\n User ln\n' },
    hosts: ['a'],
  },
];
