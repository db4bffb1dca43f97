import type { Program, Refusals } from '../grammar.ts';
import { program } from '../options.ts';
import { Refused } from '../refusal.ts';
import { subcommands } from '../subcommands.ts';
import type { Word } from '../word.ts';
import { checkTemplate } from './docker-template.ts';

const changes = [
  'it changes containers or images, or runs a program',
  '`docker ps -a`, `docker logs NAME`, `docker inspect NAME`, `docker top NAME`',
] as const;
const other = ['it asks another machine or reads other settings', 'docker without it'] as const;
const endless = ['it never ends', '`docker logs --tail 100 NAME`, `docker logs --since 10m NAME`'] as const;
const loads = [
  'it reads the project file, whose includes are fetched from other machines and stored',
  '`docker compose -p project ps`; `docker compose ls` names the projects; `cat FILE` shows the file',
] as const;

const version = ['a sub-command says it', '`docker version`'] as const;

const elsewhere: Refusals = {
  '-H': other,
  '--host': other,
  '-c': other,
  '--context': other,
  '--config': other,
};
const logOptions = `
  -t --timestamps
  --since=TEXT
  --until=TEXT
  -n --tail=NUMBER`;

const inspect = program('inspect', {
  options: `
    -f --format=TEXT
    -s --size
    --type=container|image|network|volume`,
  operands: 'WORD+',
});

/** `docker inspect`, whose template must not reach the environment: where it is JSON, it can be masked. */
const checkedInspect: Program = {
  name: 'inspect',
  read: (args) => {
    const tokens = inspect.read(args);
    for (const [index, token] of tokens.entries()) {
      if (tokens[index - 1] === '-f' && typeof token === 'string') checkTemplate(token);
    }
    return tokens;
  },
};

const compose = subcommands('compose', {
  verbs: [
    program('ls', {
      options: `
        -a --all
        --filter=TEXT
        --format=table|json
        -q --quiet`,
      operands: '',
    }),
    program('ps', {
      options: `
        -a --all
        --filter=TEXT
        --format=table|json
        --no-trunc
        --orphans
        -q --quiet
        --services
        --status=paused|restarting|removing|running|dead|created|exited`,
      operands: 'WORD*',
    }),
    program('logs', {
      options: `${logOptions}
        --no-color
        --no-log-prefix`,
      operands: 'WORD*',
      forced: [['-n', '10000']],
      refused: { '-f': endless, '--follow': endless },
    }),
  ],
  refused: {
    '-f': loads,
    '--file': loads,
    config: loads,
    convert: loads,
    up: changes,
    down: changes,
    exec: changes,
    run: changes,
  },
});

/** The project is named before the sub-command, so that compose need not read a project file for its name. */
const namedCompose: Program = {
  name: 'compose',
  read: (args) => {
    const { project, others } = projectOf(args);
    const tokens = compose.read(others);
    if (tokens[0] === 'ls') {
      if (project.length > 0) throw new Refused('-p', 'ls is about all projects', 'docker compose ls');
      return tokens;
    }
    if (project.length === 0) throw new Refused('compose', ...loads);
    return [...project, ...tokens];
  },
};

const projectOption = program('compose', { options: '--project-name=PROJECT -p', operands: '' });

function projectOf(args: readonly Word[]) {
  const at = args.findIndex(({ value }) => !value.startsWith('-') || /^(?:-p|--project-name)/.test(value));
  if (!/^(?:-p|--project-name)/.test(args[at]?.value ?? '')) return { project: [], others: args };
  const end = at + (/^(?:-p|--project-name)$/.test(args[at]?.value ?? '') ? 2 : 1);
  const project = projectOption.read(args.slice(at, end));
  return { project, others: [...args.slice(0, at), ...args.slice(end)] };
}

/** docker(1) and its plugin compose, reading only. */
export const docker = subcommands('docker', {
  verbs: [
    program('ps', {
      options: `
        -a --all
        -f --filter=TEXT
        --format=TEXT
        -n --last=NUMBER
        -l --latest
        --no-trunc
        -q --quiet
        -s --size`,
      operands: '',
      refused: elsewhere,
    }),
    program('logs', {
      options: logOptions,
      operands: 'WORD',
      forced: [['-n', '10000']],
      refused: {
        '-f': endless,
        '--follow': endless,
        '--details': ['it prints variables of the environment', 'docker logs without --details'],
      },
    }),
    checkedInspect,
    program('images', {
      options: `
        -a --all
        --digests
        -f --filter=TEXT
        --format=TEXT
        --no-trunc
        -q --quiet`,
      operands: 'WORD?',
    }),
    program('stats', {
      options: `
        -a --all
        --format=TEXT
        --no-stream
        --no-trunc`,
      operands: 'WORD*',
      forced: [['--no-stream']],
    }),
    program('top', { operands: 'WORD' }),
    program('port', { operands: 'WORD KEY?' }),
    program('version', { options: '-f --format=TEXT', operands: '' }),
    namedCompose,
  ],
  refused: {
    ...elsewhere,
    '-v': version,
    '--version': version,
    info: ['it runs every plugin', '`docker version`, `docker ps -a`, `docker images`'],
    run: changes,
    exec: changes,
    rm: changes,
    start: changes,
    stop: changes,
    restart: changes,
    cp: changes,
    pull: changes,
    attach: changes,
    build: changes,
    kill: changes,
    push: changes,
    prune: changes,
    system: ['some of its parts delete', '`docker ps -s`, `docker images`, `df -h /var/lib/docker`'],
    volume: ['some of its parts delete', '`docker inspect --type=volume NAME`'],
    network: ['some of its parts delete', '`docker inspect --type=network NAME`'],
    container: ['some of its parts delete', '`docker ps -a`, `docker inspect --type=container NAME`'],
    image: ['some of its parts delete', '`docker images`, `docker inspect --type=image NAME`'],
    events: endless,
  },
});
