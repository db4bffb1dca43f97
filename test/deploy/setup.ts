import { needCommands } from './machine.ts';
import { toolDirectory } from './tools.ts';

/** Before the first test: the machine has what this run needs, and for the containers the image is built. */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.SCOUT_TEST_KUBERNETES === '1') {
    needCommands('ip', 'nft', 'unzip');
    toolDirectory('kubernetes');
  }
  if (process.env.SCOUT_TEST_CONTAINER !== '1') return undefined;
  needCommands('buildah', 'podman', 'runc', 'conmon', 'mmdebstrap', 'ip', 'nft');
  needCommands('docker', 'dockerd', 'docker-compose');
  toolDirectory('container');
  const { openStorage } = await import('./container/storage.ts');
  const { buildImages } = await import('./container/build-images.ts');
  const close = openStorage();
  try {
    buildImages();
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}
