/** Why an identity cannot be used, in words for the user; `fix` is the step that would make it usable. */
export class IdentityUnusable extends Error {
  readonly fix: string | undefined;

  constructor(reason: string, fix?: string) {
    super(reason);
    this.name = 'IdentityUnusable';
    this.fix = fix;
  }
}
