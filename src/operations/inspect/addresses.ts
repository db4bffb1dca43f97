import type { Interface, Route } from './network.ts';
import { parseKernelAddress } from './ports.ts';
import { linesOf, listAt, numberAt, parseJson, stringAt, wordsOf } from './untrusted.ts';

/** `ip -j address show`; undefined where it printed no list. */
export function parseAddressesJson(text: string): readonly Interface[] | undefined {
  const value = parseJson(text);
  if (!Array.isArray(value)) return undefined;
  const links: readonly unknown[] = value;
  return links.flatMap((link) => {
    const name = stringAt(link, 'ifname');
    if (name === undefined) return []; // ip prints {} for what a filter left out
    const addresses = listAt(link, 'addr_info').flatMap((one) => {
      const local = stringAt(one, 'local');
      return local === undefined ? [] : [`${local}/${numberAt(one, 'prefixlen') ?? '?'}`];
    });
    const state = (stringAt(link, 'operstate') ?? '').toLowerCase();
    const mac = stringAt(link, 'link_type') === 'ether' ? (stringAt(link, 'address') ?? '') : '';
    return [{ name, state, mac, mtu: numberAt(link, 'mtu'), addresses }];
  });
}

/** `ip -o address show`: `2: eth0    inet 10.0.0.5/24 brd … scope global eth0`; one line an address. */
export function parseAddressesText(text: string): readonly Interface[] | undefined {
  const found = linesOf(text).flatMap((line) => {
    const [, name, address] = /^\d+:\s+(\S+)\s+inet6?\s+(\S+)/.exec(line) ?? [];
    return name === undefined || address === undefined ? [] : [[name, address] as const];
  });
  return found.length === 0 ? undefined : gather(found);
}

/** The trie of local addresses (two lines each), and `ADDRESS INDEX PREFIX SCOPE FLAGS NAME` of IPv6. */
export function parseKernelAddresses(trie: string, inet6: string): readonly Interface[] | undefined {
  const four = [...trie.matchAll(/\|-- (\d{1,3}(?:\.\d{1,3}){3})\n +\/32 host LOCAL/g)].map(
    ([, address = '']) => ['?', address] as const,
  );
  const six = linesOf(inet6).flatMap((line) => {
    const [hex = '', , prefix = '', , , name] = wordsOf(line);
    if (!/^[0-9a-f]{32}$/.test(hex) || name === undefined) return [];
    return [[name, `${shortened(hex)}/${Number.parseInt(prefix, 16)}`] as const];
  });
  const found = [...new Map([...four, ...six].map((one) => [one.join(' '), one])).values()];
  return found.length === 0 ? undefined : gather(found);
}

/** 32 digits as eight groups; the first row of zeros becomes `::`. */
function shortened(hex: string): string {
  const groups = (hex.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':');
  return groups.replace(/(?:^|:)0(?::0)+(?::|$)/, '::');
}

function gather(found: readonly (readonly [string, string])[]): readonly Interface[] {
  const byName = new Map<string, string[]>();
  for (const [name, address] of found) {
    const addresses = byName.get(name);
    if (addresses) addresses.push(address);
    else byName.set(name, [address]);
  }
  return [...byName].map(([name, addresses]) => ({ name, state: '', mac: '', addresses }));
}

/** `ip -j route show`, and the default of IPv6; undefined where the first printed no list. */
export function parseRoutesJson(text: string, text6: string): readonly Route[] | undefined {
  if (!Array.isArray(parseJson(text))) return undefined;
  return [text, text6].flatMap((one) =>
    listAt({ list: parseJson(one) }, 'list').flatMap((route) => {
      const to = stringAt(route, 'dst');
      if (to === undefined) return [];
      return [{ to, via: stringAt(route, 'gateway') ?? '', device: stringAt(route, 'dev') ?? '' }];
    }),
  );
}

/** `default via 10.0.0.1 dev eth0 proto dhcp` */
export function parseRoutesText(text: string | undefined): readonly Route[] | undefined {
  if (text === undefined) return undefined;
  return linesOf(text).map((line) => {
    const words = wordsOf(line);
    const after = (word: string) => (words.includes(word) ? (words[words.indexOf(word) + 1] ?? '') : '');
    return { to: words[0] ?? '', via: after('via'), device: after('dev') };
  });
}

/** proc_net_route: `eth0 00000000 0100000A 0003 0 0 100 00000000 …`, after a line of headings. */
export function parseKernelRoutes(text: string | undefined): readonly Route[] | undefined {
  if (text === undefined) return undefined;
  return linesOf(text).flatMap((line) => {
    const [device = '', to = '', via = '', , , , , mask = ''] = wordsOf(line);
    if (![to, via, mask].every((word) => /^[0-9A-F]{8}$/.test(word))) return [];
    const length = [...Number.parseInt(mask, 16).toString(2)].filter((bit) => bit === '1').length;
    const isDefault = length === 0 && to === '00000000';
    return [
      {
        to: isDefault ? 'default' : `${parseKernelAddress(to)}/${length}`,
        via: via === '00000000' ? '' : parseKernelAddress(via),
        device,
      },
    ];
  });
}
