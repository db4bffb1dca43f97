import type { Client } from 'ssh2';

type Handler = (protocol: unknown, ...rest: readonly unknown[]) => void;

/** The parts of ssh2 1.17.0's client that ask for the service of user authentication and hear that it is given. */
interface Internals {
  readonly _protocol: { readonly _handlers: { EXT_INFO?: Handler; SERVICE_ACCEPT?: Handler } };
}

const userauth = 'ssh-userauth';

/**
 * Have the login begin right behind the request for its service, one round trip early: after a key exchange that
 * proves the server's identity, as all of ssh2's do, nobody has to wait for the answer (RFC 4253 section 10).
 * Dropbear's client does so with every server. Here only one that has sent EXT_INFO (RFC 8308) before is taken to
 * read on: it is of 2016 or later, and has said which signatures it takes. Call just after `client.connect(…)`.
 */
export function beginLoginEarly(client: Client): void {
  // the cast: ssh2's types hide what is not its public face
  const protocol = (client as unknown as Internals)._protocol;
  const handlers = protocol._handlers;
  const { EXT_INFO: onExtensions, SERVICE_ACCEPT: onAccept } = handlers;
  let [isAsked, isModern, hasBegun] = [false, false, false];
  const begin = () => {
    if (hasBegun) return;
    hasBegun = true;
    onAccept?.(protocol, userauth);
  };
  client.once('handshake', () => {
    // ssh2 asks as soon as it has said that the handshake is over
    queueMicrotask(() => {
      isAsked = true;
      if (isModern) begin();
    });
  });
  handlers.EXT_INFO = (...said) => {
    onExtensions?.(...said);
    isModern = true;
    if (isAsked) begin();
  };
  handlers.SERVICE_ACCEPT = (_protocol, service) => {
    if (service === userauth) begin();
  };
}
