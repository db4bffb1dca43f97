import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicKey } from '../../fixtures/keys.ts';
import type { Sshd } from '../../fixtures/sshd.ts';
import type { Agent } from '../auth/agent.ts';
import type { Cell, HostKeyState } from './cells.ts';
import { type Hop, openCopy, publicCopy, type World } from './world.ts';

/** What one run of a cell uses, and no other run: ssh and scout may write into known_hosts. */
export interface Place {
  readonly config: string;
  readonly knownHosts: string;
  /** SSH_AUTH_SOCK, where there is an agent. */
  readonly agent: string | undefined;
}

/** Write the configuration and known_hosts files of one run; the host is called `target`. */
export async function preparePlace(world: World, cell: Cell): Promise<Place> {
  const place = mkdtempSync(join(world.directory, 'run-'));
  const config = join(place, 'config');
  const knownHosts = join(place, 'known_hosts');
  const sshd = serverOf(world, cell);
  const login = await loginOf(world, cell, place);
  const hostKey = hostKeyOf(world, cell.hostKey, sshd);
  const path = pathOf(world, cell, config);
  writeFileSync(knownHosts, hostKey.lines.map((line) => `${line}\n`).join(''));
  if (cell.hostKey === 'known, hashed')
    execFileSync('ssh-keygen', ['-q', '-H', '-f', knownHosts], { stdio: 'ignore' });
  const jumpKnownHosts = join(place, 'known_hosts_of_jumps');
  writeFileSync(
    jumpKnownHosts,
    jumpLines(world, cell)
      .map((line) => `${line}\n`)
      .join(''),
  );
  const block = [
    'Host target',
    'HostName 127.0.0.1',
    `Port ${sshd.port}`,
    ...login.lines,
    ...hostKey.settings,
    ...path.target,
    `UserKnownHostsFile ${knownHosts}`,
  ];
  const jumps = path.jumps.flatMap((lines) => [...lines, `UserKnownHostsFile ${jumpKnownHosts}`]);
  const all = ['Host *', 'GlobalKnownHostsFile /dev/null', ...path.all];
  writeFileSync(config, `${[...block, ...jumps, ...all].join('\n')}\n`);
  return { config, knownHosts, agent: login.agent?.socket };
}

function serverOf(world: World, { key, hostKey }: Cell): Sshd {
  if (hostKey.startsWith('certificate')) return world.certified;
  return key === 'rsa, on a server of RSA alone' ? world.rsaOnly : world.target;
}

async function loginOf(
  world: World,
  { key, auth }: Cell,
  place: string,
): Promise<{ lines: string[]; agent?: Agent }> {
  const file = world.keys[key];
  const none = 'IdentityFile none';
  switch (auth) {
    case 'file':
      return { lines: [`IdentityFile ${file}`] };
    case 'agent':
      return { lines: [none], agent: await world.agentWith(key) };
    case 'crowded agent':
      return { lines: [none], agent: await world.crowdedAgentWith(key) };
    case 'agent and IdentitiesOnly':
      return {
        lines: [`IdentityFile ${file}`, 'IdentitiesOnly yes'],
        agent: await world.crowdedAgentWith(key),
      };
    case 'agent and IdentitiesOnly for another key':
      return {
        lines: [`IdentityFile ${world.stranger}`, 'IdentitiesOnly yes'],
        agent: await world.agentWith(key),
      };
    case 'agent and .pub alone':
      return {
        lines: [`IdentityFile ${publicCopy(file, place)}`, 'IdentitiesOnly yes'],
        agent: await world.crowdedAgentWith(key),
      };
    case 'IdentityAgent none':
      return { lines: [none, 'IdentityAgent none'], agent: await world.agentWith(key) };
    case 'IdentityAgent none and file':
      return {
        lines: [`IdentityFile ${file}`, 'IdentityAgent none'],
        agent: await world.crowdedAgentWith(key),
      };
    case 'wrong key':
      return { lines: [`IdentityFile ${world.stranger}`] };
    case 'wrong key, then the right one':
      return { lines: [`IdentityFile ${world.stranger}`, `IdentityFile ${file}`] };
    case 'open permissions':
      return { lines: [`IdentityFile ${openCopy(file, place)}`] };
    case 'open permissions and agent':
      return { lines: [`IdentityFile ${openCopy(file, place)}`], agent: await world.agentWith(key) };
    case 'no key':
      return { lines: [none] };
  }
}

/** Lines for known_hosts, and settings of the host. */
function hostKeyOf(
  world: World,
  state: HostKeyState,
  sshd: Sshd,
): { readonly lines: readonly string[]; readonly settings: readonly string[] } {
  const host = `[127.0.0.1]:${sshd.port}`;
  const [first = '', last = first] = sshd.hostKeyLines; // sshd(8) has an ed25519 key first
  const [, type = ''] = first.split(' ');
  const stranger = publicKey(type === 'ssh-rsa' ? world.keys.rsa : world.stranger);
  const checking = /: (yes|accept-new|no)$/.exec(state)?.[1] ?? 'yes';
  const settings = [`StrictHostKeyChecking ${checking}`];
  switch (state) {
    case 'known':
    case 'known, hashed':
      return { lines: [first], settings };
    case 'known by another type':
      return { lines: [last], settings };
    case 'known without the port':
      return { lines: [first.replace(host, '127.0.0.1')], settings };
    case 'unknown: yes':
    case 'unknown: accept-new':
    case 'unknown: no':
      return { lines: [], settings };
    case 'changed: yes':
    case 'changed: accept-new':
    case 'changed: no':
      return { lines: [`${host} ${stranger}`], settings };
    case 'revoked: yes':
    case 'revoked: no':
      return { lines: [first, ...sshd.hostKeyLines.map((line) => `@revoked ${line}`)], settings };
    case 'certificate of a known authority':
      return { lines: [`@cert-authority ${host} ${publicKey(world.hostAuthority)}`], settings };
    case 'certificate of another authority':
      return { lines: [`@cert-authority ${host} ${publicKey(world.stranger)}`], settings };
    case 'certificate, key known':
      return { lines: [`${host} ${publicKey(world.certifiedKey)}`], settings };
    case 'known under HostKeyAlias':
      return { lines: [first.replace(host, 'vault')], settings: [...settings, 'HostKeyAlias vault'] };
    case 'unknown under HostKeyAlias':
      return { lines: [first], settings: [...settings, 'HostKeyAlias vault'] };
  }
}

function jumpLines({ hops, stranger }: World, { path }: Cell): string[] {
  if (path === 'jump with unknown key') return [];
  if (path === 'jump with changed key') return [`[127.0.0.1]:${hops[0].sshd.port} ${publicKey(stranger)}`];
  return hops.flatMap(({ sshd }) => sshd.hostKeyLines);
}

/** Lines of the target's own block, blocks of jumps, and lines for every host that does not say otherwise. */
function pathOf(
  { hops, stranger }: World,
  { path }: Cell,
  config: string,
): { target: readonly string[]; jumps: readonly string[][]; all: readonly string[] } {
  const [first, second, third] = hops;
  const one = jumpBlock('hop1', first);
  const behindOne = { target: ['ProxyJump hop1'], jumps: [one], all: [] };
  switch (path) {
    case 'direct':
      return { target: [], jumps: [], all: [] };
    case 'one jump':
    case 'jump with unknown key':
    case 'jump with changed key':
      return behindOne;
    case 'three jumps':
      return {
        target: ['ProxyJump hop3'],
        jumps: [
          one,
          [...jumpBlock('hop2', second), 'ProxyJump hop1'],
          [...jumpBlock('hop3', third), 'ProxyJump hop2'],
        ],
        all: [],
      };
    case 'list of jumps': {
      const [a, b] = [first, second].map(({ user, sshd }) => `${user}@127.0.0.1:${sshd.port}`);
      const spelled = jumpBlock('127.0.0.1', first).filter((line) => !/^(User|Port) /.test(line));
      return {
        target: [`ProxyJump ${a},${b},hop3`],
        jumps: [[...spelled, `IdentityFile ${second.key}`], jumpBlock('hop3', third)],
        all: [],
      };
    }
    case 'ProxyCommand':
      return { target: [`ProxyCommand ssh -F ${config} -W %h:%p hop1`], jumps: [one], all: [] };
    case 'ProxyJump none':
      return { target: ['ProxyJump none'], jumps: [], all: ['ProxyJump 127.0.0.1:1'] };
    case 'ProxyCommand that fails':
      return { target: ['ProxyCommand false'], jumps: [], all: [] };
    case 'jump that refuses the login':
      return { ...behindOne, jumps: [jumpBlock('hop1', { ...first, key: stranger })] };
    case 'jump that is down':
      return { ...behindOne, jumps: [one.map((line) => (line.startsWith('Port ') ? 'Port 1' : line))] };
  }
}

function jumpBlock(alias: string, { sshd, user, key }: Hop): string[] {
  return [
    `Host ${alias}`,
    'HostName 127.0.0.1',
    `Port ${sshd.port}`,
    `User ${user}`,
    `IdentityFile ${key}`,
    'IdentitiesOnly yes',
    'IdentityAgent none',
    'StrictHostKeyChecking yes',
  ];
}
