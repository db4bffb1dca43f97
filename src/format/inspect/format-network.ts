import type { Network } from '../../operations/inspect/network.ts';
import { count, factsOf, mostShown, type Say, type Shown, table } from './shown.ts';

export function formatNetwork({ interfaces, routes, ports, nameServers }: Network, say: Say): Shown {
  return {
    heading: [
      interfaces ? count(interfaces.length, 'interface') : 'interfaces unknown',
      routes ? count(routes.length, 'route') : 'routes unknown',
      ports ? count(ports.length, 'listening port') : 'listening ports unknown',
      ...(nameServers.length === 0 ? [] : [count(nameServers.length, 'name server')]),
    ].join(', '),
    facts: factsOf({ what: 'network', name_servers: nameServers.map(say).join(', ') }),
    texts: {},
    tables: {
      interfaces: table(
        ['INTERFACE', 'STATE', 'ADDRESSES', 'MAC', 'MTU'],
        (interfaces ?? []).slice(0, mostShown).map((one) => ({
          cells: [
            say(one.name),
            say(one.state),
            one.addresses.map(say).join(', '),
            say(one.mac),
            one.mtu === undefined ? '' : String(one.mtu),
          ],
          facts: {
            interface: say(one.name),
            state: say(one.state),
            addresses: one.addresses.map(say).join(', '),
            mac: say(one.mac),
            mtu: one.mtu,
          },
        })),
      ),
      routes: table(
        ['TO', 'VIA', 'DEVICE'],
        (routes ?? []).slice(0, mostShown).map(({ to, via, device }) => ({
          cells: [say(to), say(via), say(device)],
          facts: { to: say(to), via: say(via), device: say(device) },
        })),
      ),
      ports: table(
        ['PROTO', 'PORT', 'ADDRESS', 'PROCESS'],
        (ports ?? []).slice(0, mostShown).map((one) => ({
          cells: [
            one.protocol,
            String(one.port),
            say(one.address),
            [say(one.process), one.pid === undefined ? '' : String(one.pid)].filter(Boolean).join(' '),
          ],
          facts: {
            protocol: one.protocol,
            port: one.port,
            address: say(one.address),
            process: say(one.process),
            pid: one.pid,
          },
        })),
      ),
      ...(nameServers.length > 0 && {
        resolver: table(
          [''],
          nameServers.map((server) => ({
            cells: [`name server ${say(server)}`],
            facts: { name_server: say(server) },
          })),
        ),
      }),
    },
  };
}
