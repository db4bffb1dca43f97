import { raceAbort } from '../../call.ts';
import { toRemoteLine } from '../../remote-text.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { parseCertificate } from '../known-hosts/certificate.ts';
import { keyTypeOf } from '../known-hosts/public-key.ts';
import { type AgentKey, listAgentKeys, signByAgent } from './agent-client.ts';
import type { Identity, Signer } from './identity.ts';
import { IdentityUnusable, LeftToOpenssh } from './identity-unusable.ts';
import type { KeyFiles } from './key-files.ts';
import { readCertificate, readPublicHalf } from './public-half.ts';

export interface Collected {
  /** In the order in which ssh(1) tries them. */
  readonly identities: readonly Identity[];
  /** Why the agent could not be asked; undefined where it was, or where none is configured. */
  readonly agentProblem: string | undefined;
}

/** A key or certificate file of the configuration. */
interface FileEntry {
  /** The file with the private key; undefined for a CertificateFile. */
  readonly path: string | undefined;
  readonly label: string;
  readonly blob: Buffer | undefined;
  readonly encrypted: boolean;
}

interface Sources {
  readonly settings: HostSettings;
  readonly keyFiles: KeyFiles;
  readonly files: readonly FileEntry[];
  readonly agentKeys: readonly AgentKey[];
}

/**
 * The identities of a host in the order that ssh(1) tries them: certificates of CertificateFile; agent keys that
 * IdentityFile names too (in the agent's order); other agent keys unless IdentitiesOnly; the other files, each
 * followed by the certificate beside it. Rejects with the signal's reason only.
 */
export async function collectIdentities(
  settings: HostSettings,
  keyFiles: KeyFiles,
  signal: AbortSignal,
): Promise<Collected> {
  const [files, certificates, agent] = await Promise.all([
    identityFiles(settings),
    certificateFiles(settings),
    agentKeysOf(settings.identityAgent, signal),
  ]);
  const named = (key: AgentKey) => files.find((file) => file.blob?.equals(key.blob));
  const usable = settings.identitiesOnly ? agent.keys.filter(named) : agent.keys;
  const sources: Sources = { settings, keyFiles, files, agentKeys: usable };
  const held = (file: FileEntry) => usable.some((key) => file.blob?.equals(key.blob));
  const identities = [
    ...certificates.map((file) => fileIdentity(file, sources)),
    ...usable.filter(named).map((key) => agentIdentity(key, named(key)?.label, sources)),
    ...usable.filter((key) => !named(key)).map((key) => agentIdentity(key, undefined, sources)),
    ...files.filter((file) => !held(file)).map((file) => fileIdentity(file, sources)),
  ];
  return { identities, agentProblem: agent.problem };
}

async function identityFiles({ identityFiles: paths, certificateFiles }: HostSettings): Promise<FileEntry[]> {
  const entries = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      const own = { path, label: path, ...(await readPublicHalf(path)) };
      const certificate = certificateFiles.length > 0 ? undefined : await readCertificate(`${path}-cert`);
      return certificate ? [own, { ...own, label: `${path}-cert.pub`, blob: certificate }] : [own];
    }),
  );
  return entries.flat();
}

async function certificateFiles(settings: HostSettings): Promise<FileEntry[]> {
  return await Promise.all(
    [...new Set(settings.certificateFiles)].map(async (path) => {
      return { path: undefined, label: path, blob: await readCertificate(path), encrypted: false };
    }),
  );
}

async function agentKeysOf(
  socketPath: string | undefined,
  signal: AbortSignal,
): Promise<{ keys: readonly AgentKey[]; problem: string | undefined }> {
  if (socketPath === undefined) return { keys: [], problem: undefined };
  try {
    return { keys: await listAgentKeys(socketPath, signal), problem: undefined };
  } catch (error) {
    if (error instanceof IdentityUnusable) return { keys: [], problem: error.message };
    throw error;
  }
}

/** A key that the user named for this host may be used at once; any other is asked about first. */
function agentIdentity({ blob, comment }: AgentKey, named: string | undefined, sources: Sources): Identity {
  const signer = agentSigner(blob, blob, sources);
  return {
    source: 'agent',
    label: named ?? toRemoteLine(comment, 60),
    blob,
    probeFirst: named === undefined ? sources.agentKeys.length > 1 : keyTypeOf(blob).startsWith('sk-'),
    open: async () => signer,
  };
}

function fileIdentity({ path, label, blob, encrypted }: FileEntry, sources: Sources): Identity {
  const certificate = blob && parseCertificate(blob);
  const open = async (signal: AbortSignal): Promise<Signer> => {
    if (path === undefined && !certificate) throw new IdentityUnusable('does not hold a user certificate');
    if (!certificate) return await fileSigner(path ?? label, blob, undefined, sources.keyFiles, signal);
    const inAgent = sources.agentKeys.find((key) => key.blob.equals(certificate.publicKey));
    if (inAgent) return agentSigner(blob, inAgent.blob, sources);
    const file = sources.files.find((entry) => entry.blob?.equals(certificate.publicKey))?.path ?? path;
    if (file === undefined)
      throw new IdentityUnusable('has no private key among the identity files and the agent’s keys');
    return await fileSigner(file, certificate.publicKey, blob, sources.keyFiles, signal);
  };
  return { source: 'file', label, blob, probeFirst: encrypted && sources.keyFiles.canAsk, open };
}

function agentSigner(blob: Buffer, signWith: Buffer, { settings }: Sources): Signer {
  const socketPath = settings.identityAgent ?? '';
  return {
    blob,
    sign: (data, algorithm, signal) => signByAgent(socketPath, signWith, data, algorithm, signal),
  };
}

/** `expected` is what the `.pub` file says the key is: ssh(1) refuses to use a private key that differs. */
async function fileSigner(
  path: string,
  expected: Buffer | undefined,
  certificate: Buffer | undefined,
  keyFiles: KeyFiles,
  signal: AbortSignal,
): Promise<Signer> {
  if (expected && keyTypeOf(expected).startsWith('sk-')) {
    throw new LeftToOpenssh(
      'is a hardware key that the agent does not hold',
      `Load it into ssh-agent: \`ssh-add ${path}\`.`,
    );
  }
  const key = await raceAbort(keyFiles.load(path), signal);
  if (expected && !key.blob.equals(expected)) {
    throw new IdentityUnusable(
      'does not match the .pub file beside it',
      `Write the .pub file anew: \`ssh-keygen -y -f ${path} > ${path}.pub\`.`,
    );
  }
  return { blob: certificate ?? key.blob, sign: async (data, algorithm) => key.sign(data, algorithm) };
}
