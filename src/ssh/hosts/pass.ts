import { createHash } from 'node:crypto';
import { parseJumps } from './jump-spec.ts';
import type { JumpSpec } from './settings.ts';
import type { Source } from './source.ts';
import { expandTokens, type Tokens } from './tokens.ts';
import type { Values } from './values.ts';

/** One reading of the configuration for one host name, and what criteria and tokens see during it. */
export class Pass {
  readonly source: Source;
  readonly values: Values;
  /** The name as the user wrote it. */
  readonly alias: string;
  /** What Host patterns see: the alias, in the final reading the address to connect to. */
  readonly host: string;
  readonly isFinal: boolean;
  /** A `Match final` was met: the files must be read again. */
  wantsFinal = false;

  constructor(source: Source, values: Values, names: Pick<Pass, 'alias' | 'host' | 'isFinal'>) {
    this.source = source;
    this.values = values;
    this.alias = names.alias;
    this.host = names.host;
    this.isFinal = names.isFinal;
  }

  /** The address to connect to as far as it is known by now (`%h`). */
  targetHost(): string {
    const hostName = this.values.first('hostname');
    if (hostName === undefined) return this.host;
    return this.isFinal ? hostName : expandTokens(hostName, { h: this.host });
  }

  user(): string {
    return this.values.first('user') ?? this.source.system.user;
  }

  /** The tokens of `Match exec` and Include (ssh_config(5) TOKENS), from what is known by now. */
  tokens(): Tokens {
    const host = this.targetHost();
    return connectionTokens(this.source, {
      alias: this.alias,
      host,
      keyAlias: this.values.first('hostkeyalias') ?? host,
      port: this.values.first('port') ?? '22',
      user: this.user(),
      jumpHost: lastHop(this.values)?.host ?? '',
    });
  }
}

/** The hop that is connected to the host itself. */
export function lastHop(values: Values): JumpSpec | undefined {
  const jumps = values.unlessNone('proxyjump');
  return jumps === undefined ? undefined : parseJumps(jumps).at(-1);
}

/** What a connection is made to. */
export interface Destination {
  readonly alias: string;
  readonly host: string;
  readonly keyAlias: string;
  readonly port: string;
  readonly user: string;
  /** The host of the last hop, empty for none. */
  readonly jumpHost: string;
}

/** Values of `%C %L %d %h %i %j %k %l %n %p %r %u` (ssh_config(5) TOKENS). */
export function connectionTokens({ system, homeDir }: Source, to: Destination): Tokens {
  return {
    get C() {
      const parts = [system.hostName, to.host, to.port, to.user];
      // OpenSSH hashes the jump host too since 9.6, so that ControlPath sockets do not collide.
      if (to.jumpHost !== '' && system.sshIsAtLeast(9, 6)) parts.push(to.jumpHost);
      return createHash('sha1').update(parts.join('')).digest('hex');
    },
    L: system.hostName.split('.')[0] ?? '',
    d: homeDir,
    h: to.host,
    i: String(system.uid),
    j: to.jumpHost,
    k: to.keyAlias,
    l: system.hostName,
    n: to.alias,
    p: to.port,
    r: to.user,
    u: system.user,
  };
}
