import { ScoutError } from '../../errors.ts';

/** Why docker(1) gave no answer, by what it wrote to stderr. */
export function dockerError(host: string, complaints: string): ScoutError {
  if (/permission denied while trying to connect|dial unix .*permission denied/i.test(complaints)) {
    return new ScoutError(
      'permission_denied',
      `the account on ${host} may not use the socket of Docker`,
      'Membership in group docker is as good as root: better is rootless Docker of this account, or a proxy of the ' +
        'socket that lets only reading through; scout_inspect with what processes shows what runs all the same.',
    );
  }
  if (/docker: (?:command |inaccessible or )?not found|not found: docker/.test(complaints)) {
    return new ScoutError(
      'not_available',
      `${host} has no docker`,
      'Use scout_inspect with what services or processes.',
    );
  }
  if (/Cannot connect to the Docker daemon/i.test(complaints)) {
    return new ScoutError(
      'not_available',
      `Docker does not run on ${host}`,
      'Use scout_inspect with what services and name docker, which says why.',
    );
  }
  if (/logging driver does not support reading/.test(complaints)) {
    return new ScoutError(
      'not_available',
      `Docker on ${host} has no log of it: the configured logging driver does not support reading`,
      'Look for the log where that driver writes; scout_inspect with what docker and the name says more.',
    );
  }
  return new ScoutError(
    'not_available',
    `docker on ${host} gave no answer that can be read`,
    'Try scout_query with `docker version`.',
  );
}

/** There is docker, but nothing of that name. */
export function noContainer(host: string, name: string): ScoutError {
  return new ScoutError(
    'not_available',
    `${host} has no container ${JSON.stringify(name)}`,
    'scout_inspect with what docker and no name lists them.',
  );
}
