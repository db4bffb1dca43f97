import { describe, expect, it } from 'vitest';
import { isPrefix, isSocketAddress } from '../../src/policy/addresses.ts';
import { judge } from '../../src/policy/index.ts';

describe('a command that looks at services', () => {
  it.each([
    ['ip a', 'ip address show'],
    ['ip -br -4 addr show eth0', 'ip -brief -4 address show dev eth0'],
    ['ip r', 'ip route show'],
    ['ip -V', 'ip -Version'],
    ['ss -tlp', 'ss -n -t -l -p'],
    ['ss -tn dst [::1]:22', 'ss -t -n -- dst [::1]:22'],
    ['lsof -i :80 -p 1', 'lsof -n -i:80 -p1'],
    ['lsof -i -P', 'lsof -n -i -P'],
    ['systemctl -t timer --failed', 'systemctl list-units --no-pager -t timer --failed'],
    ['systemctl -n 5 status x', 'systemctl status --no-pager -n 5 -- x'],
    ['systemctl show x -p Id', 'systemctl show --no-pager -p Id -- x'],
    ['journalctl -u x -b -1', 'journalctl --no-pager -n 10000 -u x --boot=-1'],
    ['journalctl -b -u x -n 5', 'journalctl --no-pager --boot -u x -n 5'],
    ['docker logs x', 'docker logs -n 10000 -- x'],
    ['docker stats x', 'docker stats --no-stream -- x'],
    ['docker compose -p shop ps -a', 'docker compose --project-name=shop ps -a'],
    ['docker compose -pshop logs', 'docker compose --project-name=shop logs -n 10000'],
    ['dpkg -l x*', 'dpkg -l -- x*'],
    ['getent passwd root', 'getent passwd root'],
    ['apt-cache policy x', 'apt-cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= policy -- x'],
  ])('is printed in full, with what keeps it harmless: %s', (command, printed) => {
    const verdict = judge(command);
    expect(verdict.allowed && verdict.canonical.replaceAll("'", '')).toBe(printed);
  });

  it('shows no environment of a unit where no property is asked for', () => {
    const verdict = judge('systemctl show nginx');
    expect(verdict.allowed && verdict.canonical).toMatch(/'-p' 'Id,[A-Za-z,]*' '--' 'nginx'$/);
    expect(verdict.allowed && verdict.canonical).not.toMatch(/Environment|Credential/);
  });

  it.each([
    ['docker info', 'plugin'],
    ['docker compose config', 'includes'],
    ['docker logs -f web', 'never ends'],
    ['journalctl -f', 'never ends'],
    ['ss -K', 'closes sockets'],
    ['systemctl -H host status', 'another machine'],
    ['systemctl restart nginx', 'changes units'],
  ])('is refused with its own reason: %s', (command, reason) => {
    const verdict = judge(command);
    expect(!verdict.allowed && verdict.refusal.reason).toContain(reason);
  });
});

describe('an address', () => {
  it('is an address and never a name', () => {
    expect(['10.0.0.1', '::1', '10.0.0.0/8', 'fe80::/10'].filter((text) => !isPrefix(text))).toEqual([]);
    const names = ['', 'x', 'example.com', 'default', 'fe80::1%eth0', '10.0.0.0/x', '1.2.3', '1.2.3.4/999'];
    expect(names.filter(isPrefix)).toEqual([]);
  });

  it('of a socket may have a port, and IPv6 stands in brackets', () => {
    const good = [
      '10.0.0.1',
      '10.0.0.0/8',
      '1.2.3.4:22',
      '[::1]',
      '[::1]:22',
      ':22',
      ':ssh',
      '*:22',
      ':80,443',
    ];
    expect(good.filter((text) => !isSocketAddress(text))).toEqual([]);
    const bad = [
      '',
      'x',
      'x:22',
      '::1',
      '[x]:22',
      '[1.2.3.4]',
      '[fe80::1%eth0]',
      '*',
      '1.2.3.4:',
      '1.2.3.4:-x',
    ];
    expect(bad.filter(isSocketAddress)).toEqual([]);
  });
});
