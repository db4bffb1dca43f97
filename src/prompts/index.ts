import type { Prompt } from '../define.ts';
import { compare } from './compare.ts';
import { diskFull } from './disk-full.ts';
import { findError } from './find-error.ts';
import { triage } from './triage.ts';

/** Every prompt there is, in the order a client lists them. */
export const prompts: readonly Prompt[] = [triage, compare, findError, diskFull];
