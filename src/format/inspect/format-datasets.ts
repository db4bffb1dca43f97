import type { Datasets, Snapshots } from '../../operations/inspect/zfs.ts';
import { count, factsOf, formatSeconds, formatSize, type Say, type Shown, table } from './shown.ts';

export function formatDatasets({ datasets, total }: Datasets, say: Say): Shown {
  const cut = datasets.length < total ? `, the ${datasets.length} largest are listed` : '';
  return {
    heading: `${count(total, 'data set')}, the largest first${cut}`,
    facts: factsOf({ what: 'zfs', total }),
    texts: {},
    tables: {
      datasets: table(
        ['DATASET', 'TYPE', 'USED', 'AVAIL', 'REFER', 'RATIO', 'MOUNT'],
        datasets.map((one) => ({
          cells: [
            say(one.dataset),
            say(one.type),
            formatSize(one.usedBytes),
            formatSize(one.availableBytes),
            formatSize(one.referencedBytes),
            say(one.compression),
            say(one.mount),
          ],
          facts: {
            dataset: say(one.dataset),
            type: say(one.type),
            used_bytes: one.usedBytes,
            available_bytes: one.availableBytes,
            referenced_bytes: one.referencedBytes,
            compression: say(one.compression),
            mount: say(one.mount),
          },
        })),
      ),
    },
  };
}

export function formatSnapshots({ snapshots }: Snapshots, say: Say): Shown {
  return {
    heading: snapshots.length === 0 ? 'no snapshot' : `the ${count(snapshots.length, 'newest snapshot')}`,
    facts: factsOf({ what: 'zfs', shown: snapshots.length }),
    texts: {},
    tables: {
      snapshots: table(
        ['SNAPSHOT', 'CREATED', 'USED', 'REFER'],
        snapshots.map((one) => ({
          cells: [
            say(one.snapshot),
            formatSeconds(one.createdS),
            formatSize(one.usedBytes),
            formatSize(one.referencedBytes),
          ],
          facts: {
            snapshot: say(one.snapshot),
            created: formatSeconds(one.createdS),
            used_bytes: one.usedBytes,
            referenced_bytes: one.referencedBytes,
          },
        })),
      ),
    },
  };
}
