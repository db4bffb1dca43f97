/** The commands that are no server. One module, for the program loads it when one of them runs. */
export { runAuditVerify } from './audit.ts';
export { runCall } from './call.ts';
export { runDemo } from './demo.ts';
export { runDoctor } from './doctor.ts';
export { runExplain } from './explain.ts';
export { runHarden } from './harden.ts';
export { runHosts } from './hosts.ts';
export { runTrust } from './trust.ts';
