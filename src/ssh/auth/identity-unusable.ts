/** Why an identity cannot be used, in words for the user; `fix` is the step that would make it usable. */
export class IdentityUnusable extends Error {
  readonly fix: string | undefined;

  constructor(reason: string, fix?: string) {
    super(reason);
    this.name = 'IdentityUnusable';
    this.fix = fix;
  }
}

/** The identity is unusable for the built-in engine only: the installed ssh may log in with it. */
export class LeftToOpenssh extends IdentityUnusable {
  /** As ssh2 marks its errors: openssh/second-try.ts looks for it without loading this room. */
  readonly level = 'left-to-openssh';
}
