import { randomUUID } from 'node:crypto';

/**
 * So many hexadecimal digits, 24 (96 bits) at most, that nobody can guess: those of a random UUID that are random
 * (RFC 9562 section 5.4), for which Node draws once for many, where `randomBytes` does so each time.
 */
export function randomHex(digits: number): string {
  const uuid = randomUUID();
  return `${uuid.slice(0, 8)}${uuid.slice(9, 13)}${uuid.slice(24)}`.slice(0, digits);
}
